"""Correct: a cached_property that depends on sizes only. Check: -n 4 -t 1 -m 1. Right: PROVED."""

from functools import cached_property

from byzverify.language import CONSENSUS, Protocol, Tree, majority


class Eig(Protocol):
    m: int = 1
    problem = CONSENSUS

    @cached_property
    def rounds(self):
        return self.m + 1

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        for _ in range(self.rounds):
            tree.grow((yield tree.relays()))
        return majority([tree.resolved(lambda told, values: majority(values), (j,)) for j in self.generals])
