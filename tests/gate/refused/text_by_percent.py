"""The text of a size is its name in a family, and its number in an instance."""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing


class P(PhaseKing):
    def __post_init__(self):
        super().__post_init__()
        self.require(self.n > 3 * self.m or "%s" % self.n != "n", "too many")

    def tolerates(self, t):
        return t <= self.m
