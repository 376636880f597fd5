"""The phase king protocol with three rounds a phase: Berman, Garay & Perry, "Towards optimal distributed consensus",
FOCS 1989. Every general starts with an order; in each of m+1 phases another general is king.

Phase: (1) everyone sends his order. (2) Who saw one order from n-m generals or more proposes it; who then sees an order
proposed by more than m generals takes it up. (3) The king sends his order; who saw fewer than n-m proposals of his own
order takes up the king's. One phase has a loyal king and makes all loyal generals agree; they never part again.
"""

from byzverify.language import ABSENT, CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, count, ite


class PhaseKing(Protocol):
    """Consensus in 3(m+1) rounds with messages of one order each."""

    m: int
    problem = CONSENSUS
    claim = "Agreement and Validity for n > 3m and at most m traitors (Berman, Garay & Perry 1989)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, f"m+1 kings need 0 <= m < n: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return self.is_complete and t <= self.m and self.n > 3 * self.m

    def interchangeable(self) -> list[range]:
        return [range(self.m + 1, self.n)]  # all but the kings

    def general(self, me: General, order: Order) -> Program:
        return (yield from self.phases(self.m + 1, self.phase, me, order))

    def phase(self, me: General, king: General, order: Order) -> Program:
        enough = self.n - self.m
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        proposal = ABSENT
        for candidate in self.orders:
            proposal = ite(count(votes, candidate) >= enough, candidate, proposal)

        inbox = yield broadcast(proposal)
        proposals = [inbox[sender] for sender in self.generals]
        for candidate in self.orders:
            order = ite(count(proposals, candidate) > self.m, candidate, order)

        inbox = yield broadcast(order) if me == king else None
        sure = count(proposals, order) >= enough
        return ite(sure, order, inbox.get(king, default=RETREAT))
