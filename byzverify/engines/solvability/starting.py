"""A shortest chain for consensus with crashes: breadth first through all executions, with all that generals start with.

Every general starts with an order, so an execution is a way to crash together with the orders of all. At both ends, all
loyal generals start with the same one. There it matters who counts as faulty though he acts loyally: his order does not
count. This module adds starts to the executions of `losses.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations, product
from math import comb

from byzverify.engines.solvability.losses import Array, Crash, Crashes, Losses, Spots, crashes_of
from byzverify.engines.solvability.settings import Ground
from byzverify.language.messages import General
from byzverify.scenario.impossibility import FaultyRun, RunChain


def shortest_chain(ground: Ground, most: int) -> RunChain | None:
    """A shortest chain where at most so many generals crash; None if there is none."""
    return Started(ground, most).chain()


def number_with_starts(ground: Ground, most: int) -> int:
    """How many executions are searched, at most."""
    degree = max(map(len, ground.neighbours))
    ways = ground.rounds * (2**degree - 1) + 1
    return int(sum(comb(ground.n, number) * ways**number for number in range(most + 1))) << ground.n


def _failures(ground: Ground, most: int) -> Iterator[Crashes]:
    """Every way in which at most so many generals crash, or count as faulty though they act loyally."""
    for number in range(most + 1):
        for faulty in combinations(ground.generals, number):
            yield from product(*([_acting_loyally(ground, one), *crashes_of(ground, one)] for one in faulty))


def _acting_loyally(ground: Ground, general: General) -> Crash:
    """He crashes after he has sent everything."""
    return Crash(general, ground.rounds, frozenset(ground.neighbours[general]))


class Started(Losses):
    """The executions: each way to crash once for each choice of starts, which are the bits of a number."""

    def __init__(self, ground: Ground, most: int) -> None:
        self.choices = 1 << ground.n
        super().__init__(ground, (one for one in _failures(ground, most) for _ in range(self.choices)))

    @cached_property
    def starts(self) -> Array:
        """The order that each general starts with, by execution."""
        import numpy as np

        numbers = np.arange(len(self.executions))
        return np.stack([numbers >> general & 1 for general in self.ground.generals])

    def beginning(self) -> Array:
        """What each general knows before the first round: what he starts with."""
        return self.starts

    def _agreed(self, order: int) -> Array:
        """In which executions all loyal generals start with this order."""
        agreed: Array = ((self.starts == order) | ~self.loyal).all(axis=0)
        return agreed

    def chain(self) -> RunChain | None:
        """A shortest chain from an execution in which the loyal start with 0 to one in which they start with 1."""
        views, _ = self.views()
        ends = self._agreed(1)[None, :] & self.loyal
        route = Spots(views, self.loyal).route(self._agreed(0), ends, [*self.ground.generals], self.limit)
        if route is None:
            return None
        numbers, witnesses = route
        return RunChain(self.ground.setting, tuple(map(self._started, numbers)), tuple(witnesses[:-1]))

    def _started(self, number: int) -> FaultyRun:
        return self.run(number, {general: number >> general & 1 for general in self.ground.generals})
