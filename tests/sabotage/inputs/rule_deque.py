"""Used up: a tree's rule that takes from a deque. Check: -n 4 -t 1. Right: REFUTED, or refused: the first path is resolved with
everything that the deque holds, the others with nothing.
"""

from collections import deque

from byzverify.language import CONSENSUS, Protocol, Tree, majority


class FromDeque(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        tree.grow((yield tree.relays()))
        tree.grow((yield tree.relays()))
        extra = deque([order] * 2 * self.n)

        def rule(told, values):
            some = [extra.pop() for _ in range(self.n) if extra]
            return majority([*values, *some])

        return majority([tree.resolved(rule, (j,)) for j in self.generals])
