"""Cardinality terms: variables, and AtLeast(k, weighted literals), shared in a directed acyclic graph.

A *literal* is an integer: the number of a node, or minus that number for the node's negation; `TRUE` is 1 and
`FALSE` is -1. A node is a variable or an AtLeast. And, or, not, majority, threshold and if-then-else are all
built from these:

    and(a, b)    = AtLeast(2, a b)          or(a, b) = AtLeast(1, a b)
    not AtLeast(k, l_1 .. l_w of total weight W) = AtLeast(W - k + 1, -l_1 .. -l_w)

The last law gives every AtLeast a negation that is an AtLeast; a node is kept in the form whose first literal
is positive, so a term and its negation are one node. A node's literals have smaller numbers than the node, so
ascending numbers are a bottom-up order. This module knows nothing of protocols, and no solver.
"""

from __future__ import annotations

import gc
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import gcd
from typing import NamedTuple

from byzverify.limits import NO_LIMIT, Limit

Literal = int
TRUE: Literal = 1
FALSE: Literal = -1


class AtLeast(NamedTuple):
    """True if the weights of the true literals sum to `k` or more. `weights` is None if each is 1."""

    k: int
    literals: tuple[Literal, ...]
    weights: tuple[int, ...] | None

    @property
    def weighted(self) -> list[tuple[int, Literal]]:
        """Each literal, preceded by its weight."""
        return list(zip(self.weights or (1,) * len(self.literals), self.literals, strict=True))


class Terms:
    """A graph under construction, in which equal nodes are one node.

    The only simplifications are those of constants, and of AtLeast(1, x) to x.

    `nodes[i]` is node i's AtLeast, or None for a variable (and for the unused node 0 and the constant 1).
    limit: for construction, which raises Stopped there. What is done with the terms afterwards has limits of its own.
    """

    def __init__(self, limit: Limit = NO_LIMIT) -> None:
        self.nodes: list[AtLeast | None] = [None, None]
        self._limit = limit
        self._variables: dict[Hashable, Literal] = {}
        self._numbers: dict[AtLeast, Literal] = {}

    def variable(self, name: Hashable) -> Literal:
        """The variable called `name`."""
        next_number = len(self.nodes)
        number = self._variables.setdefault(name, next_number)
        if number == next_number:
            self._limit.step()
            self.nodes.append(None)
        return number

    @property
    def limit(self) -> Limit:
        """The limit for construction."""
        return self._limit

    def names(self) -> dict[int, Hashable]:
        """The name of each variable, by its number."""
        return {number: name for name, number in self._variables.items()}

    def at_least(self, k: int, literals: Sequence[Literal], weights: Sequence[int] | None = None) -> Literal:
        """The literal of AtLeast(k, literals) with these positive weights, 1 each if None."""
        weighted = [
            (literal, weight)
            for literal, weight in zip(literals, weights or [1] * len(literals), strict=True)
            if literal != FALSE
        ]
        k -= sum(weight for literal, weight in weighted if literal == TRUE)
        return self._node(k, [item for item in weighted if item[0] != TRUE])

    def both(self, left: Literal, right: Literal) -> Literal:
        """left and right."""
        return self.at_least(2, (left, right))

    def either(self, left: Literal, right: Literal) -> Literal:
        """left or right."""
        return self.at_least(1, (left, right))

    def choose(self, condition: Literal, then: Literal, otherwise: Literal) -> Literal:
        """If `condition` then `then` else `otherwise`."""
        if then == otherwise:
            return then
        return self.either(self.both(condition, then), self.both(-condition, otherwise))

    def same(self, left: Literal, right: Literal) -> Literal:
        """left if and only if right."""
        return self.either(self.both(left, right), self.both(-left, -right))

    def _node(self, k: int, weighted: list[tuple[Literal, int]]) -> Literal:
        """The literal of the node, in the form whose first literal is positive. A new node is added to the graph."""
        total = sum(weight for _, weight in weighted)
        if k <= 0:
            return TRUE
        if k > total:
            return FALSE
        if len(weighted) == 1:
            return weighted[0][0]
        weighted.sort(key=_by_variable)
        sign = 1
        if weighted[0][0] < 0:
            sign = -1
            k = total - k + 1
            weighted = [(-literal, weight) for literal, weight in weighted]
        literals = tuple([literal for literal, _ in weighted])
        weights = None if total == len(weighted) else tuple([weight for _, weight in weighted])
        return sign * self._number(AtLeast(k, literals, weights))

    def _number(self, node: AtLeast) -> Literal:
        number = self._numbers.get(node)
        if number is None:
            self._limit.step()
            number = len(self.nodes)
            self.nodes.append(node)
            self._numbers[node] = number
        return number


class SimplifiedTerms(Terms):
    """Terms in which each literal occurs once in a node, and a node that equals one literal is that literal.

    The laws, for literals x of weight w and the rest R of total weight W:
    x and -x cancel: AtLeast(k, w·x, w·-x, R) = AtLeast(k-w, R).
    weights beyond k do not matter: AtLeast(k, w·x, R) = AtLeast(k, min(w, k)·x, R).
    x outweighs the rest: if w >= k > W, AtLeast(k, w·x, R) = x.
    common factors do not matter: AtLeast(k, g·w_i·x_i) = AtLeast(ceil(k/g), w_i·x_i).
    """

    def at_least(self, k: int, literals: Sequence[Literal], weights: Sequence[int] | None = None) -> Literal:
        k, merged = _merge(k, literals, weights)
        if k <= 0:
            return TRUE
        heaviest: Literal = FALSE
        most = total = 0
        for literal, weight in merged.items():
            if weight > k:
                merged[literal] = weight = k
            total += weight
            if weight > most:
                most, heaviest = weight, literal
        if most >= k > total - most:
            return heaviest
        if most > 1:
            factor = gcd(*merged.values())
            if factor > 1:
                merged = {literal: weight // factor for literal, weight in merged.items()}
                k = -(-k // factor)
        return self._node(k, list(merged.items()))


def _merge(k: int, literals: Sequence[Literal], weights: Sequence[int] | None) -> tuple[int, dict[Literal, int]]:
    """Each literal once, with constants and opposites cancelled: the remaining k, and the weights."""
    merged: dict[Literal, int] = {}
    for literal, weight in zip(literals, weights or [1] * len(literals), strict=True):
        if literal == TRUE:
            k -= weight
        elif literal != FALSE:
            opposite = merged.get(-literal, 0)
            if opposite:
                cancelled = min(opposite, weight)
                k -= cancelled
                weight -= cancelled
                if opposite > cancelled:
                    merged[-literal] = opposite - cancelled
                else:
                    del merged[-literal]
            if weight:
                merged[literal] = merged.get(literal, 0) + weight
    return k, merged


def _by_variable(weighted: tuple[Literal, int]) -> int:
    return abs(weighted[0])


def cone(terms: Terms, roots: Iterable[Literal]) -> list[int]:
    """The numbers of all nodes that `roots` are built from, ascending, so that parts come before wholes."""
    found = {abs(root) for root in roots}
    pending = list(found)
    while pending:
        node = terms.nodes[pending.pop()]
        if node is not None:
            for literal in node.literals:
                number = abs(literal)
                if number not in found:
                    found.add(number)
                    pending.append(number)
    return sorted(found)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Terms are millions of small objects without cycles, so searching for cycles would only double the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
