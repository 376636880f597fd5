"""Choices: what is not known of a single general, such as what he starts with, or what a traitor tells somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from byzverify.engines.parameterized.groups import LinearAlgebra
from byzverify.language.decisions import Decision, leaves, remade
from byzverify.language.values import Order, Truth
from byzverify.logic.linear import TRUE, Formula


def choice(algebra: LinearAlgebra, name: str, options: Sequence[Decision]) -> Decision:
    """One of several decisions of the same shape; which one is not known."""
    arithmetic = algebra.arithmetic
    earlier: list[Formula] = []
    picked: list[Formula] = []
    for place in range(len(options)):
        this = arithmetic.truth(f"{name}: choice {place}") if place < len(options) - 1 else TRUE
        picked.append(arithmetic.all_of([this, *earlier]))
        earlier.append(-this)
    parts = [[leaf for _, leaf in leaves(option)] for option in options]
    chosen = iter([_mixture(algebra, picked, column) for column in zip(*parts, strict=True)])
    return remade(options[0], lambda leaf: next(chosen))


def _mixture(algebra: LinearAlgebra, picked: Sequence[Formula], column: Sequence[Any]) -> Order | Truth:
    """The order or truth that is that of the option which is picked."""
    paired = list(zip(picked, column, strict=True))
    if isinstance(column[0], Truth):
        return algebra.truth(algebra.arithmetic.any_of(one for one, leaf in paired if algebra.formula(leaf) == TRUE))
    named: dict[str, list[Formula]] = {}
    for one, leaf in paired:
        named.setdefault(leaf.name, []).append(one)
    return algebra.order({name: algebra.arithmetic.any_of(ones) for name, ones in named.items()})
