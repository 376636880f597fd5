"""State: the depth is set by the first instance that is made, for all later ones. Right: where m=1 was checked before, m=0 is refuted all the
same: a single round does not stand a traitor.
"""

from byzverify.language import CONSENSUS, Protocol, Tree, majority

DEPTH = {}


class Deep(Protocol):
    m: int = 1
    problem = CONSENSUS

    def general(self, me, order):
        depth = DEPTH.setdefault("depth", self.m)
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        for _ in range(depth + 1):
            tree.grow((yield tree.relays()))
        return majority([tree.resolved(lambda told, values: majority(values), (j,)) for j in self.generals])
