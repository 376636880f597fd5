"""The program asks how many levels its tree has."""

from collections.abc import Sequence

from byzverify.language import CONSENSUS, General, Order, Program, Tree, majority
from byzverify.models.eig import EIG

BROKEN = {"n": 10, "m": 3}
READ = "general uses .levels"
TRAITORS = 0


class DepthOfATree(EIG):
    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        yield from tree.relaying(self.m + 1)
        if len(tree.levels) > 3:
            return order
        return majority([tree.resolved(self.by_vote, (j,)) for j in self.generals])

    def by_vote(self, told: Order, values: Sequence[Order]) -> Order:
        return majority(values)
