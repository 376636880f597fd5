"""The two-round phase king in which more than n/2 votes are enough to be sure, where more than n/2 + m are needed.

`PhaseKing.java` of kiqdestro/phase_king (GitHub, commit 107b735, line 127) has five processes and two phases, and who
counts 3 votes for his majority keeps it against the king. How that program elects its kings is left aside here.
"""

from byzverify.language import CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, count, ite, majority


class BareMajority(Protocol):
    """The two-round phase king with a guard that m traitors can lift one general over; 2(m+1) rounds."""

    m: int
    problem = CONSENSUS
    claim = "none holds; believed to give Agreement and Validity for n > 4m and at most m traitors"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, f"m+1 kings need 0 <= m < n: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 4 * self.m

    def interchangeable(self) -> list[range]:
        return [range(self.m + 1, self.n)]  # all but the kings

    def general(self, me: General, order: Order) -> Program:
        for king in range(self.m + 1):
            inbox = yield broadcast(order)
            votes = [inbox.get(sender, default=RETREAT) for sender in self.generals]
            most = majority(votes)
            sure = 2 * count(votes, most) > self.n

            inbox = yield broadcast(most) if me == king else None
            order = ite(sure, most, inbox.get(king, default=RETREAT))
        return order
