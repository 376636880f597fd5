"""Correct: `//` and math.ceil on sizes, never on counts. Check: -n 5 -t 0. Right: PROVED."""

import math

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite


class Divided(Protocol):
    share: float = 0.5
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        needed = max(self.n // 2 + 1, math.ceil(self.share * self.n))
        return ite(count([inbox[j] for j in self.generals], ATTACK) >= needed, ATTACK, RETREAT)
