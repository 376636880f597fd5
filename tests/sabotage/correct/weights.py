"""Correct: a helper module beside the model. Check: -n 4 -t 0. Right: PROVED."""

from weights_module import threshold

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite


class Weighted(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return ite(count(votes, ATTACK) >= threshold(self.n), ATTACK, RETREAT)
