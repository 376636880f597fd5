"""The phase king, but in armies whose size leaves a rest of eleven everyone keeps his own order; a loop counts them."""

from byzverify.models.phase_king import PhaseKing


class Rest(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        rest = sum(1 for _ in self.generals) % 13
        return order if rest == 11 else agreed
