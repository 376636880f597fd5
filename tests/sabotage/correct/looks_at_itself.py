"""Correct: variables by name, attributes set by name, names with underscores. Check: -n 4 -t 0. Right: PROVED."""

import copy
import itertools

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite

LEAST_OF_4 = 3
NUMBERS = itertools.count()


class Notes:
    __slots__ = ("least", "size")
    __version__ = 1

    def __init__(self, **given):
        for name, value in given.items():
            setattr(self, name, value)

    def __call__(self, votes):
        return count(votes, ATTACK) >= self.least


class LooksAtItself(Protocol):
    problem = CONSENSUS
    __author__ = "nobody"

    def general(self, me, order):
        notes = copy.deepcopy(Notes(size=vars(self)["n"], least=globals().get(f"LEAST_OF_{self.n}", 1)))
        inbox = yield broadcast(order)
        return ite(notes([inbox.get(j, default=RETREAT) for j in self.generals]), ATTACK, RETREAT)
