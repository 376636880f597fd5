"""The two-round phase king in which a general counts the votes of the others and not his own.

`pol_con_byz.cpp` of vasile-caulea/fdp (GitHub, commit 6170155, folder pol_consensus_byz, lines 52-57) counts what it
receives, and nobody sends to himself; the pseudo-code in the README of the same folder counts the whole set.
"""

from byzverify.language import CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, count, ite, majority


class OwnVoteLeftOut(Protocol):
    """The two-round phase king on n-1 votes with a guard for n; 2(m+1) rounds."""

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
            votes = [inbox.get(sender, default=RETREAT) for sender in self.others(me)]
            most = majority(votes)
            sure = 2 * count(votes, most) > self.n + 2 * self.m

            inbox = yield broadcast(most) if me == king else None
            order = ite(sure, most, inbox.get(king, default=RETREAT))
        return order
