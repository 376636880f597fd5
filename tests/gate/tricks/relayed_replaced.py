"""A method of the tree is replaced, so that other words are relayed from m = 3 on."""

from collections.abc import Sequence

from byzverify.language import CONSENSUS, RETREAT, General, Order, Program, Tree, ite, majority
from byzverify.models.eig import EIG

BROKEN = {"n": 10, "m": 3}
READ = "general uses a lambda that is no rule of a tree"
TRAITORS = 0
SAYS = r"a tree that is not understood"


class RelayedReplaced(EIG):
    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        tree.relayed = lambda path: ite(self.m > 2, RETREAT, tree.told(path))  # type: ignore[method-assign]
        yield from tree.relaying(self.m + 1)
        return majority([tree.resolved(self.by_vote, (j,)) for j in self.generals])

    def by_vote(self, told: Order, values: Sequence[Order]) -> Order:
        return majority(values)
