"""Phase king whose claim and checks are written with the number of digits."""

from byzverify.models.phase_king import PhaseKing


class Exact(PhaseKing):
    def __post_init__(self):
        super().__post_init__()
        self.require(str(self.n) != "n" or self.n > 3 * self.m, "too few")

    def tolerates(self, t):
        return t <= self.m
