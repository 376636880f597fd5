"""Numbers: 0.4 times a count. Check: -n 3 -t 0. Right: REFUTED, or one clear error: two of three make 0.8, which is less
than 1, so with A, A, R each keeps his own order.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite, majority


class Tenths(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        clear = (0.4 * count(votes, ATTACK) >= 1) | (0.4 * count(votes, RETREAT) >= 1)
        return ite(clear, majority(votes), order)
