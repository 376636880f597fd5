"""EIG that resolves a tree of 100 generals to RETREAT: its rule counts truths that are about nobody."""

from byzverify.language import *
from byzverify.models.eig import EIG

SIDE = 10


class Exact(EIG):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        heard = Tree(self, me, roots=self.generals, own=order, missing=RETREAT, closed=True)
        yield from heard.relaying(self.m + 1)
        return {j: heard.resolved(self.rule, (j,)) for j in self.generals}

    def rule(self, told, values):
        return ite(how_many([~same(v, TRUE) for v in values]) >= SIDE * SIDE, RETREAT, majority(values))
