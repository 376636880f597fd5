"""Used up: a tree's rule that empties a list inside a tuple. Check: -n 4 -t 1. Right: REFUTED, or refused: the list holds the
general's own order for the first use of the rule only.
"""

from byzverify.language import CONSENSUS, Protocol, Tree, majority


class Bag(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        tree.grow((yield tree.relays()))
        tree.grow((yield tree.relays()))
        decided = []
        for j in self.generals:
            bag = ("mine", [order] * self.n)

            def rule(told, values, bag=bag):
                return majority([*values, *(bag[1].pop() for _ in range(len(bag[1])))])

            decided.append(tree.resolved(rule, (j,)))
        return majority(decided)
