"""x"""

from typing import NamedTuple

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


def exactly(protocol):
    return sum(1 for _ in protocol.generals) == SIDE * SIDE


class Cell(NamedTuple):
    get: int


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        get = 0

        def get(_):
            return sum(1 for _ in self.generals) == SIDE * SIDE

        class_of = Cell(get)
        return order if class_of.get(0) else agreed
