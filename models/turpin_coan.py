"""From agreement on two orders to agreement on any number: Turpin & Coan, "Extending binary Byzantine agreement to
multivalued Byzantine agreement", Information Processing Letters 18(2), 1984; as in Lynch 1996, section 6.3.3.

Two rounds find the only order that loyal generals can still have in common; then they agree, as on two orders, whether
to take it. ATTACK stands for yes and RETREAT for no in the binary agreement, which is the phase king's here.
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
    plurality,
)


class TurpinCoan(Protocol):
    """Consensus on any number of orders in two rounds more than on two."""

    m: int
    values: int = 3
    problem = CONSENSUS
    claim = "Agreement and Validity for n > 3m, at most m traitors and any number of orders (Turpin & Coan 1984)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, f"m+1 kings need 0 <= m < n: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return self.is_complete and t <= self.m and self.n > 3 * self.m

    def interchangeable(self) -> list[range]:
        return [range(self.m + 1, self.n)]  # all but the kings

    def general(self, me: General, order: Order) -> Program:
        enough = self.n - self.m

        # Round 1: everyone sends his order; who sees it less than n-m times is perplexed and will name none.
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        content = ABSENT
        for candidate in self.orders:
            content = ite(count(votes, candidate) >= enough, candidate, content)

        # Round 2: the order named most often is the alternative; who sees it n-m times votes for it.
        inbox = yield broadcast(content)
        named = [inbox[j] for j in self.generals]
        alternative = plurality(named, tie=RETREAT)
        agreed = yield from self.binary(me, count(named, alternative) >= enough)
        return ite(agreed, alternative, RETREAT)

    def binary(self, me: General, vote: Truth) -> Program:
        """Agreement on a truth by the three-round phase king."""
        order = yield from self.phases(self.m + 1, self.phase, me, ite(vote, ATTACK, RETREAT))
        return order == ATTACK

    def phase(self, me: General, king: General, order: Order) -> Program:
        enough = self.n - self.m
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
        return ite(sure, order, ite(inbox[king] == ATTACK, ATTACK, RETREAT))
