"""The two-round phase king in which more than n/2 votes are enough to be sure, where more than n/2 + m are needed.

`PhaseKing.java` of kiqdestro/phase_king (GitHub, commit 107b735, line 127) has five processes and two phases, and who
counts 3 votes for his majority keeps it against the king. How that program elects its kings is left aside here.
"""

from byzverify.language import RETREAT, General, Order, Program, broadcast, count, ite, majority
from byzverify.models.phase_king_two_round import PhaseKingTwoRound


class BareMajority(PhaseKingTwoRound):
    """The two-round phase king with a guard that m traitors can lift one general over; 2(m+1) rounds."""

    claim = "none holds; believed to give Agreement and Validity for n > 4m and at most m traitors"

    def phase(self, me: General, king: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox.get(sender, default=RETREAT) for sender in self.generals]
        most = majority(votes)
        sure = 2 * count(votes, most) > self.n

        inbox = yield broadcast(most) if me == king else None
        return ite(sure, most, inbox.get(king, default=RETREAT))
