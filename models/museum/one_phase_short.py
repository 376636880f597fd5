"""The phase queen with m phases in place of m+1: every queen may be a traitor.

`QueenWBGA.java` of lifanzhang/weighted-byzantine-agreement (GitHub, commit 7abe656, lines 47 and 94) runs a phase for
each of (n-1)/4 queens, rounded down, which is how many traitors there may be; `KingWBGA.java` beside it does the same.
"""

from byzverify.language import RETREAT, General, Order, Program, broadcast, count, ite, majority
from byzverify.models.phase_queen import PhaseQueen


class OnePhaseShort(PhaseQueen):
    """The phase queen with a queen too few; 2m rounds."""

    claim = "none holds; believed to give Agreement and Validity for n > 4m and at most m traitors"

    def general(self, me: General, order: Order) -> Program:
        return (yield from self.phases(self.m, self.phase, me, order))

    def phase(self, me: General, queen: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox.get(sender, default=RETREAT) for sender in self.generals]
        order = majority(votes)
        sure = 4 * count(votes, order) > 3 * self.n

        inbox = yield broadcast(order) if me == queen else None
        return ite(sure, order, inbox.get(queen, default=RETREAT))
