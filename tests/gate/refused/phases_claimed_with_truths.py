"""One phase for each traitor that is tolerated: the claim says t < m by a count of truths, and is printed as t <= m."""

from byzverify.language import how_many
from byzverify.models.phase_king import PhaseKing


class Fewer(PhaseKing):
    def __post_init__(self):
        super().__post_init__()
        self.require(1 <= self.m, "m is 1 or more")

    def tolerates(self, t):
        return t + how_many([self.m > 0]) <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        return (yield from self.phases(self.m, self.phase, me, order))
