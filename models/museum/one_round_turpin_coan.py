"""Turpin & Coan's reduction without its second round: who saw an order n-m times votes for it, and all agree on that.

An easy slip: compare Turpin & Coan, Information Processing Letters 18(2), 1984, where those who are not perplexed name
their order in a second round. Without it the vote can be won while some loyal general does not know what was voted on.
"""

from byzverify.language import (
    ABSENT,
    ATTACK,
    CONSENSUS,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Truth,
    broadcast,
    count,
    ite,
)


class OneRoundTurpinCoan(Protocol):
    """Consensus on any number of orders in one round more than on two."""

    m: int
    values: int = 3
    problem = CONSENSUS
    claim = "none holds; believed to give Agreement and Validity for n > 3m, at most m traitors, any number of orders"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, f"m+1 kings need 0 <= m < n: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

    def interchangeable(self) -> list[range]:
        return [range(self.m + 1, self.n)]  # all but the kings

    def general(self, me: General, order: Order) -> Program:
        enough = self.n - self.m

        # One round: who sees an order n-m times votes for it; the others have none to decide on.
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        content = RETREAT
        for candidate in self.orders:
            content = ite(count(votes, candidate) >= enough, candidate, content)

        agreed = yield from self.binary(me, count(votes, content) >= enough)
        return ite(agreed, content, RETREAT)

    def binary(self, me: General, vote: Truth) -> Program:
        """Agreement on a truth by the three-round phase king."""
        enough = self.n - self.m
        order = ite(vote, ATTACK, RETREAT)
        for king in range(self.m + 1):
            inbox = yield broadcast(order)
            votes = [inbox[j] for j in self.generals]
            proposal = ABSENT
            for candidate in (RETREAT, ATTACK):
                proposal = ite(count(votes, candidate) >= enough, candidate, proposal)

            inbox = yield broadcast(proposal)
            proposals = [inbox[j] for j in self.generals]
            for candidate in (RETREAT, ATTACK):
                order = ite(count(proposals, candidate) > self.m, candidate, order)

            inbox = yield broadcast(order) if me == king else None
            sure = count(proposals, order) >= enough
            order = ite(sure, order, ite(inbox[king] == ATTACK, ATTACK, RETREAT))
        return order == ATTACK
