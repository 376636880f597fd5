"""Used up: a tree's rule that takes from an iterator of weights. Check: -n 4 -t 1. Right: REFUTED, or refused: the weights serve the
first uses of the rule only; a check asks it once for many paths.
"""

from byzverify.language import CONSENSUS, Protocol, Tree, majority


class Weights(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        tree.grow((yield tree.relays()))
        tree.grow((yield tree.relays()))
        weights = iter([0, 0, self.n, self.n])

        def rule(told, values):
            return majority([*values, *[order] * next(weights, 0)])

        return majority([tree.resolved(rule, (j,)) for j in self.generals])
