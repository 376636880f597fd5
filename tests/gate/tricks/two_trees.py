"""Two trees, of which the second is too shallow from m = 3 on."""

from collections.abc import Sequence

from byzverify.language import CONSENSUS, General, Order, Program, Tree, ite, majority
from byzverify.models.eig import EIG

BROKEN = {"n": 10, "m": 3}
TRAITORS = 1
SAYS = r"a second time"


class TwoTrees(EIG):
    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        one = Tree(self, me, roots=self.generals, own=order, closed=True)
        yield from one.relaying(self.m + 1)
        first = majority([one.resolved(self.by_vote, (j,)) for j in self.generals])
        two = Tree(self, me, roots=self.generals, own=order, closed=True)
        yield from two.relaying(self.m - self.m + 1)
        return ite(self.m > 2, majority([two.resolved(self.by_vote, (j,)) for j in self.generals]), first)

    def by_vote(self, told: Order, values: Sequence[Order]) -> Order:
        return majority(values)
