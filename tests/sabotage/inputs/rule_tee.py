"""Used up: a tree's rule with one half of an `itertools.tee`. Check: -n 4 -t 1. Right: REFUTED, or refused: what the first use of the
rule takes, no other finds.
"""

from itertools import tee

from byzverify.language import CONSENSUS, Protocol, Tree, majority


class Tee(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        tree.grow((yield tree.relays()))
        tree.grow((yield tree.relays()))
        decided = []
        for j in self.generals:
            mine, _ = tee([order] * self.n)
            decided.append(tree.resolved(lambda told, values: majority([*values, *mine]), (j,)))
        return majority(decided)
