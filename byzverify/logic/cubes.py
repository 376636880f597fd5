"""Cubes: a question about terms, split by what some of its variables are.

A cube says of some variables whether they are true. The law of this file: a split makes a cube for every choice of what
its variables are, so whatever makes the goal true is in one of them. Variables are called by their names, since their
numbers are not the same in another process. This module knows terms, and not what they are about.
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
    """The cube in parts: one for every choice of what these further variables are."""
    names = tuple(variables)
    return [cube + tuple(zip(names, values, strict=True)) for values in product((False, True), repeat=len(names))]


def within(terms: Terms, goal: Literal, cube: Cube) -> Literal:
    """The goal and all that the cube says. Raises UnknownVariable: what is not understood is not left out."""
    numbers = {name: number for number, name in terms.names().items()}
    try:
        literals = [numbers[name] if holds else -numbers[name] for name, holds in cube]
    except KeyError as missing:
        raise UnknownVariable(f"there is no variable {missing.args[0]!r}") from None
    return terms.at_least(len(literals) + 1, [goal, *literals])


def decisive(terms: Terms, goal: Literal, most: int, cube: Cube = WHOLE) -> list[Hashable]:
    """So many variables, or all there are, that decide most of the goal and that the cube leaves open.

    A guess: the goal has the weight 1, and each node divides its own among its parts as it weighs them. Where two
    variables are given the same, the one that was made first comes first.
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
