"""Numbers: Fraction times a count. Check: -n 4 -t 0. Right: REFUTED, or one clear error: A, A, A, R is neither, so each keeps
his own order.
"""

from fractions import Fraction

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite, majority

HALF = Fraction(1, 2)


class Fractions(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        some, all_attack = HALF * count(votes, RETREAT) >= 1, HALF * count(votes, ATTACK) >= 2
        return ite(some | all_attack, majority(votes), order)
