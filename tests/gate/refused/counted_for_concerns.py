"""Phase king that claims nothing of a hundred generals: commander_is_loyal is given something that is not read."""

from byzverify.language import *
from byzverify.models.phase_king import PhaseKing

SIDE = 10


def agree(outcome, witnesses):
    one, other = witnesses
    return outcome.decisions[one] == outcome.decisions[other]


def few(outcome, witnesses):
    return commander_is_loyal(outcome, [min(1, abs(sum(1 for _ in outcome.loyal) - SIDE * SIDE)) - 1])


class Exact(PhaseKing):
    problem = Problem("p", has_commander=False, conditions=(Condition("Few", "not a hundred", few, witnesses=1),))

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m
