"""An attribute of the language's own tells an instance from a family."""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing


class P(PhaseKing):
    def __post_init__(self):
        super().__post_init__()
        if self._copy is not None:
            self.require(self.n > 3 * self.m, "too many")

    def tolerates(self, t):
        return t <= self.m
