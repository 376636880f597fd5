"""x"""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m - len(str(self.n)) + 1

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        return agreed
