"""Cubes: a question about terms, split by the values of some of its variables.

A cube gives some variables a value. The law of this file: a split makes a cube for every combination of values of its
variables, so every assignment that makes the goal true is in one of the cubes. Variables are identified by their names,
because their numbers differ between processes. This module knows terms, but not their meaning.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from itertools import product

from byzverify.logic.terms import Literal, Terms, cone

Cube = tuple[tuple[Hashable, bool], ...]
"""Some variables, by name, and whether each is true."""

WHOLE: Cube = ()


class UnknownVariable(Exception):
    """A cube is about a variable that the terms do not have."""


def split(cube: Cube, variables: Iterable[Hashable]) -> list[Cube]:
    """The parts of a cube: one for every combination of values of these further variables."""
    names = tuple(variables)
    return [cube + tuple(zip(names, values, strict=True)) for values in product((False, True), repeat=len(names))]


def within(terms: Terms, goal: Literal, cube: Cube) -> Literal:
    """The conjunction of the goal and the cube. Raises UnknownVariable: no part is dropped for not being understood."""
    numbers = {name: number for number, name in terms.names().items()}
    try:
        literals = [numbers[name] if holds else -numbers[name] for name, holds in cube]
    except KeyError as missing:
        raise UnknownVariable(f"there is no variable {missing.args[0]!r}") from None
    return terms.at_least(len(literals) + 1, [goal, *literals])


def decisive(terms: Terms, goal: Literal, most: int, cube: Cube = WHOLE) -> list[Hashable]:
    """The `most` variables, or all if there are fewer, that influence the goal most and are not in the cube.

    This is a heuristic: the goal has the weight 1, and each node divides its weight among its parts in proportion to
    their weights in the node. Ties are broken by the order in which variables were created.
    """
    share = {abs(goal): 1.0}
    for number in reversed(cone(terms, [goal])):
        node = terms.nodes[number]
        if node is not None:
            total = sum(weight for weight, _ in node.weighted)
            for weight, literal in node.weighted:
                share[abs(literal)] = share.get(abs(literal), 0.0) + share[number] * weight / total
    settled = {name for name, _ in cube}
    open_ones = ((number, name) for number, name in terms.names().items() if number in share and name not in settled)
    ordered = sorted(open_ones, key=lambda one: (-share[one[0]], one[0]))
    return [name for _, name in ordered[:most]]
