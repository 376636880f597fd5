"""The two-round phase king in which the votes of earlier phases are counted again in each phase.

`PhaseKing.java` of fernandolevy/PhaseKing (GitHub, commit 7c8161f, lines 27-30 and 53) sets its counters to 0 before
the loop over the phases, and not inside it. As in that program ATTACK wins if both orders have more than n/2 votes.
"""

from byzverify.language import ATTACK, RETREAT, General, Order, Program, broadcast, count, ite
from byzverify.models.phase_king_two_round import PhaseKingTwoRound


class CountsNeverReset(PhaseKingTwoRound):
    """The two-round phase king that remembers all votes; 2(m+1) rounds."""

    claim = "none holds; believed to give Agreement and Validity for n > 4m and at most m traitors"

    def general(self, me: General, order: Order) -> Program:
        order, _ = yield from self.phases(self.m + 1, self.counting_phase, me, (order, ()))
        return order

    def counting_phase(self, me: General, king: General, carried: tuple[Order, tuple[Order, ...]]) -> Program:
        order, counted = carried
        inbox = yield broadcast(order)
        votes = (*counted, *(inbox.get(sender, default=RETREAT) for sender in self.generals))
        most = ite(2 * count(votes, ATTACK) > self.n, ATTACK, RETREAT)
        sure = 2 * count(votes, most) > self.n + 2 * self.m

        inbox = yield broadcast(most) if me == king else None
        return ite(sure, most, inbox.get(king, default=RETREAT)), votes
