"""Exactly ten generals keep their own orders: in the engine there are three of them, or more than ten."""

from byzverify.models.phase_king import PhaseKing


class Exact(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        agreed = yield from self.phases(self.m + 1, self.phase, me, order)
        return order if sum(1 for _ in self.generals) == 10 else agreed
