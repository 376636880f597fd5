"""Values looked at: a chained comparison of a count. Check: -n 3 -t 0. Right: REFUTED, or refused: with A, A, R two attack and each keeps his
own order.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite, majority


class Chained(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return ite(1 <= count(votes, ATTACK) < 3, order, majority(votes))
