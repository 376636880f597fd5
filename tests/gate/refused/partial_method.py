"""Phase king whose check of its parameters is a partialmethod, which is not read."""

from functools import partialmethod

from byzverify.models.phase_king import PhaseKing


class Exact(PhaseKing):
    def checked(self, factor):
        PhaseKing.__post_init__(self)
        self.require(type(self.n) is int or self.n > factor * self.m, "too few")

    __post_init__ = partialmethod(checked, 3)

    def tolerates(self, t):
        return t <= self.m
