"""The two-round phase king in which more than m votes are enough to be sure of the majority.

Kshemkalyani & Singhal, "Distributed Computing", 2008, exercise 14.4, puts the question whether this would let the
algorithm of Figure 14.11 do with fewer than 4m+1 generals. It is an exercise, and the answer is no.
"""

from byzverify.language import RETREAT, General, Order, Program, broadcast, count, ite, majority
from byzverify.models.phase_king_two_round import PhaseKingTwoRound


class MoreThanMVotes(PhaseKingTwoRound):
    """The two-round phase king with the guard `mult > m`; 2(m+1) rounds."""

    claim = "none holds; believed to give Agreement and Validity for n > 3m and at most m traitors"

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

    def phase(self, me: General, king: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox.get(sender, default=RETREAT) for sender in self.generals]
        most = majority(votes)
        sure = count(votes, most) > self.m

        inbox = yield broadcast(most) if me == king else None
        return ite(sure, most, inbox.get(king, default=RETREAT))
