"""EIG whose condition counts the entries of a vector."""

from byzverify.language import *
from byzverify.models.eig import EIG

SIDE = 10


def enough(outcome, witnesses):
    (witness,) = witnesses
    named = [order for order in outcome.decisions[witness].values()]
    return sum([1 for _ in named]) != SIDE * SIDE


class Vector(EIG):
    problem = Problem(
        "vectors",
        has_commander=False,
        conditions=(Condition("Enough", "there are more entries than generals from 25 on", enough, witnesses=1),),
    )

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m
