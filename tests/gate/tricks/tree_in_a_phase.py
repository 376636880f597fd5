"""A tree inside a phase: no induction is about it, and it is one round too short for m = 2."""

from collections.abc import Sequence

from byzverify.language import General, Order, Program, Tree, majority
from byzverify.models.phase_king import PhaseKing

BROKEN = {"n": 11, "m": 2}
SAYS = r"inside a phase"


class TreeInAPhase(PhaseKing):
    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m + 4

    def phase(self, me: General, king: General, order: Order) -> Program:
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        yield from tree.relaying(self.m - self.m + 2)
        return majority([tree.resolved(self.vote, (j,)) for j in self.generals])

    def vote(self, told: Order, values: Sequence[Order]) -> Order:
        return majority(values)
