"""x"""

from typing import NamedTuple

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10

from functools import partial


def hundred(generals, field):
    return sum([1 for _ in field.to]) == SIDE * SIDE


class Sent(NamedTuple):
    to: int


class Box(NamedTuple):
    value: int
    get = partial(hundred, 0)


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        return order if Box(1).get(send(order, self.generals)) else agreed
