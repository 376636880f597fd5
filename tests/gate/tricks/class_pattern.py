"""A class pattern tells a size from a number, as isinstance does."""

from byzverify.language import RETREAT, General, Order, Program
from byzverify.models.phase_king import PhaseKing

BROKEN = {"n": 22, "m": 7}
READ = "general uses `match`"
TRAITORS = 0


class ClassPattern(PhaseKing):
    def general(self, me: General, order: Order) -> Program:
        match self.m:
            case int():
                big = self.m > 6
            case _:
                big = False
        return (yield from self.phases(self.m + 1, self.phase, me, RETREAT if big else order))
