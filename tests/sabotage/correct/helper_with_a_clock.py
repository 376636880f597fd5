"""Correct: a helper module with an unused variable that comes from a clock. Check: -n 4 -t 0. Right: PROVED."""

import clock_module

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite


class Helped(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return ite(count(votes, ATTACK) >= clock_module.threshold(self.n), ATTACK, RETREAT)
