"""The two-round phase king in which a general counts the votes of the others and not his own.

`pol_con_byz.cpp` of vasile-caulea/fdp (GitHub, commit 6170155, folder pol_consensus_byz, lines 52-57) counts what it
receives, and nobody sends to himself; the pseudo-code in the README of the same folder counts the whole set.
"""

from byzverify.language import RETREAT, General, Order, Program, broadcast, count, ite, majority
from byzverify.models.phase_king_two_round import PhaseKingTwoRound


class OwnVoteLeftOut(PhaseKingTwoRound):
    """The two-round phase king on n-1 votes with a guard for n; 2(m+1) rounds."""

    claim = "none holds; believed to give Agreement and Validity for n > 4m and at most m traitors"

    def phase(self, me: General, king: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox.get(sender, default=RETREAT) for sender in self.others(me)]
        most = majority(votes)
        sure = 2 * count(votes, most) > self.n + 2 * self.m

        inbox = yield broadcast(most) if me == king else None
        return ite(sure, most, inbox.get(king, default=RETREAT))
