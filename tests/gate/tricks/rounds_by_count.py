"""How long a tree grows depends on how many generals a loop counts."""

from collections.abc import Sequence

from byzverify.language import CONSENSUS, General, Order, Program, Tree, majority
from byzverify.models.eig import EIG

BROKEN = {"n": 20, "m": 1}
READ = "general lists something that does not depend on each general of the list, or too much"
SAYS = r"what a general does, says, counts or decides depends"


class RoundsByCount(EIG):
    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        yield from tree.relaying(self.m + 1 if sum(1 for _ in self.generals) < 20 else self.m)
        return majority([tree.resolved(self.by_vote, (j,)) for j in self.generals])

    def by_vote(self, told: Order, values: Sequence[Order]) -> Order:
        return majority(values)
