"""The phase queen protocol: Berman & Garay, "Asymptotically optimal distributed consensus", ICALP 1989.

Phase: (1) everyone sends his order; who saw one order from n-m generals or more is sure of it, and everyone takes up
the order that he saw most often. (2) The queen sends hers; who was not sure takes it up. For n > 4m two generals
cannot be sure of different orders, and if one is sure, the queen saw that order more often than any other.
"""

from byzverify.language import CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, count, ite, plurality


class PhaseQueen(Protocol):
    """Consensus in 2(m+1) rounds with messages of one order each."""

    m: int
    problem = CONSENSUS
    claim = "Agreement and Validity for n > 4m and at most m traitors (Berman & Garay 1989)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, f"m+1 queens need 0 <= m < n: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return self.is_complete and t <= self.m and self.n > 4 * self.m

    def interchangeable(self) -> list[range]:
        return [range(self.m + 1, self.n)]  # all but the queens

    def general(self, me: General, order: Order) -> Program:
        return (yield from self.phases(self.m + 1, self.phase, me, order))

    def phase(self, me: General, queen: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        order = plurality(votes, tie=RETREAT)
        sure = count(votes, order) >= self.n - self.m

        inbox = yield broadcast(order) if me == queen else None
        return ite(sure, order, inbox.get(queen, default=RETREAT))
