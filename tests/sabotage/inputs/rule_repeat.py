"""Used up: a tree's rule with `itertools.repeat(order, n)`, which ends. Check: -n 4 -t 1. Right: REFUTED, or refused: it ends with
the first use of the rule.
"""

from itertools import repeat

from byzverify.language import CONSENSUS, Protocol, Tree, majority


class Repeated(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        tree.grow((yield tree.relays()))
        tree.grow((yield tree.relays()))
        decided = []
        for j in self.generals:
            mine = repeat(order, self.n)
            decided.append(tree.resolved(lambda told, values: majority([*values, *mine]), (j,)))
        return majority(decided)
