"""The value of a literal while variables are flipped one by one: only what changes is computed again.

It knows the terms, and computes only with Python's integers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from heapq import heappop, heappush

from byzverify.logic.terms import Literal, Terms, cone


class Flipping:
    """A literal under an assignment that changes. Variables that the literal does not depend on may be flipped, too."""

    def __init__(self, terms: Terms, goal: Literal, true_variables: Collection[int]) -> None:
        self._goal = goal
        self._nodes = terms.nodes
        self._true: dict[int, bool] = {}
        self._weight: dict[int, int] = {}
        self._wholes: dict[int, list[tuple[int, int]]] = {}
        for number in cone(terms, [goal]):
            self._wholes[number] = []
            node = self._nodes[number]
            if node is None:
                self._true[number] = number in true_variables or number == 1
                continue
            self._weight[number] = 0
            for weight, literal in node.weighted:
                self._wholes[abs(literal)].append((number, weight if literal > 0 else -weight))
                self._weight[number] += weight if self._true[abs(literal)] == (literal > 0) else 0
            self._true[number] = self._weight[number] >= node.k

    @property
    def holds(self) -> bool:
        """Whether the literal is true now."""
        return self._true[abs(self._goal)] == (self._goal > 0)

    @property
    def weight(self) -> int:
        """The weight of the true parts now, in the AtLeast that the literal stands for; it must not be a variable."""
        return self._weight[abs(self._goal)]

    def flip(self, variables: Iterable[int]) -> None:
        """Negate the value of each of these variables."""
        pending: list[int] = []
        for number in {number for number in variables if number in self._true}:
            self._turn(number, pending)
        while pending:
            number = heappop(pending)
            node = self._nodes[number]
            if node is not None and (self._weight[number] >= node.k) != self._true[number]:
                self._turn(number, pending)

    def _turn(self, number: int, pending: list[int]) -> None:
        """Negate the value of a node, and add the nodes that it is part of to `pending`."""
        self._true[number] = not self._true[number]
        for whole, weight in self._wholes[number]:
            self._weight[whole] += weight if self._true[number] else -weight
            heappush(pending, whole)
