"""The two-round phase king in which the king tells the others the majority that he found, and keeps his own old order.

`PhaseKing.java` of fernandolevy/PhaseKing (GitHub, commit 7c8161f, lines 122-134) sends the majority, and sets the
king's own tie-breaker to the value that he came into the phase with.
"""

from byzverify.language import RETREAT, General, Order, Program, broadcast, count, ite, majority
from byzverify.models.phase_king_two_round import PhaseKingTwoRound


class KingKeepsHisOwn(PhaseKingTwoRound):
    """The two-round phase king whose kings do not do as they say; 2(m+1) rounds."""

    claim = "none holds; believed to give Agreement and Validity for n > 4m and at most m traitors"

    def phase(self, me: General, king: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox.get(sender, default=RETREAT) for sender in self.generals]
        most = majority(votes)
        sure = 2 * count(votes, most) > self.n + 2 * self.m

        inbox = yield broadcast(most) if me == king else None
        return ite(sure, most, order if me == king else inbox.get(king, default=RETREAT))
