"""Correct: a tree's rule that reads a tuple, a list and an order, and changes none. Check: -n 4 -t 1. Right: PROVED."""

from byzverify.language import CONSENSUS, RETREAT, Protocol, Tree, majority


class Rules(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        tree.grow((yield tree.relays()))
        tree.grow((yield tree.relays()))
        none = []
        fallback = (RETREAT,)

        def rule(told, values):
            return majority([*values, *none], default=fallback[0])

        return majority([tree.resolved(rule, (j,)) for j in self.generals])
