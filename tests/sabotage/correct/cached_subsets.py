"""Correct: a cached helper with two arguments, of which one has generals in it."""

from functools import cache
from itertools import combinations

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


@cache
def subsets(generals, size):
    return tuple(combinations(generals, size))


class Sub(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority([majority([inbox.get(j, default=RETREAT) for j in some]) for some in subsets(self.generals, 3)])
