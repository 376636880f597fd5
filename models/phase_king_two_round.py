"""The phase king protocol with two rounds a phase: Berman, Garay & Perry, "Towards optimal distributed consensus", FOCS
1989; in textbooks, Kshemkalyani & Singhal, "Distributed Computing", 2008, Figure 14.11.

Phase: (1) everyone sends his order and takes the majority of what came, and how many named it. (2) The king sends his
majority; who saw his own named by no more than n/2 + m takes up the king's. It is shorter than the three-round form and
needs more generals.
"""

from byzverify.language import CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, count, ite, majority


class PhaseKingTwoRound(Protocol):
    """Consensus in 2(m+1) rounds with messages of one order each."""

    m: int
    problem = CONSENSUS
    claim = "Agreement and Validity for n > 4m and at most m traitors (Berman, Garay & Perry 1989)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, f"m+1 kings need 0 <= m < n: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return self.is_complete and t <= self.m and self.n > 4 * self.m

    def interchangeable(self) -> list[range]:
        return [range(self.m + 1, self.n)]  # all but the kings

    def general(self, me: General, order: Order) -> Program:
        return (yield from self.phases(self.m + 1, self.phase, me, order))

    def phase(self, me: General, king: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox.get(sender, default=RETREAT) for sender in self.generals]
        most = majority(votes)
        sure = 2 * count(votes, most) > self.n + 2 * self.m

        inbox = yield broadcast(most) if me == king else None
        return ite(sure, most, inbox.get(king, default=RETREAT))
