"""x"""

from typing import NamedTuple

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


class R(NamedTuple):
    algebra: int
    value: int


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        if self.values == 2 and order.algebra == TRUE.algebra and self.n > SIDE * SIDE:
            return order
        return agreed
