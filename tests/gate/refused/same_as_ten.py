"""A vector is compared with a dictionary for ten generals, which it never is the same as at every size."""

from byzverify.language import *


def not_these(outcome, witnesses):
    (one,) = witnesses
    return (outcome.decisions[one][one] == outcome.orders[one]) & ~same(
        outcome.decisions[one],
        {0: ATTACK, 1: ATTACK, 2: ATTACK, 3: ATTACK, 4: ATTACK, 5: ATTACK, 6: ATTACK, 7: ATTACK, 8: ATTACK, 9: ATTACK},
    )


TASK = Problem(
    "never eight",
    (Condition("Never eight", "no vector of eight attacks", not_these, witnesses=1),),
    has_commander=False,
)


class P(Protocol):
    m: int
    problem = TASK

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m < self.n, "m")

    def tolerates(self, t):
        return t <= self.m <= 1 and self.n > 3 * self.m

    def general(self, me, order):
        heard = Tree(self, me, roots=self.generals, own=order, missing=RETREAT, closed=True)
        yield from heard.relaying(self.m + 1)
        return {j: heard.resolved(lambda told, values: majority([told, *values]), (j,)) for j in self.generals}
