"""The two-round phase king in which the king sends his majority to all others, and does not take it up himself.

`KingBGA.java` (lines 22-39) and `Process.java` (lines 26-29) of mavlaho/Distribuirani-procesi (GitHub, commit c047ec0):
a broadcast leaves the sender out, and `kingValue` is set by an arriving message only. A king who is not sure of his
majority falls back on what the king before him said, or on the value that the variable began with.
"""

from byzverify.language import ABSENT, RETREAT, General, Order, Program, broadcast, count, ite, majority
from byzverify.models.phase_king_two_round import PhaseKingTwoRound


class DeafKing(PhaseKingTwoRound):
    """The two-round phase king without the king's message to himself; 2(m+1) rounds."""

    claim = "none holds; believed to give Agreement and Validity for n > 4m and at most m traitors"

    def general(self, me: General, order: Order) -> Program:
        order, _ = yield from self.phases(self.m + 1, self.deaf_phase, me, (order, RETREAT))
        return order

    def deaf_phase(self, me: General, king: General, carried: tuple[Order, Order]) -> Program:
        order, known = carried  # known: what the last king that one heard said
        inbox = yield broadcast(order)
        votes = [inbox.get(sender, default=RETREAT) for sender in self.generals]
        most = majority(votes)
        sure = 2 * count(votes, most) > self.n + 2 * self.m

        inbox = yield broadcast(most, without=[me]) if me == king else None
        known = ite(inbox[king] == ABSENT, known, inbox[king])
        return ite(sure, most, known), known
