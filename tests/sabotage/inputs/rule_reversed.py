"""Used up: a tree's rule that goes through `reversed(...)`, an iterator. Check: -n 4 -t 1. Right: REFUTED, or refused: the general's
own order is counted at the first use of the rule and at no other.
"""

from byzverify.language import CONSENSUS, Protocol, Tree, majority


class Reversed(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        tree.grow((yield tree.relays()))
        tree.grow((yield tree.relays()))
        decided = []
        for j in self.generals:
            mine = reversed([order] * self.n)
            decided.append(tree.resolved(lambda told, values: majority([*values, *mine]), (j,)))
        return majority(decided)
