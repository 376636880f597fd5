"""The answers of a solver about linear arithmetic. Each solver translates the formulas in its own way, in its own file.

This module knows formulas, and no solver's library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from byzverify.limits import Limit
from byzverify.logic.linear import Arithmetic, Formula
from byzverify.solvers.answers import Undecided, Unsatisfiable


@dataclass(frozen=True)
class Solution:
    """Values of the unknowns under which formulas hold: each integer, and the Boolean unknowns that are true."""

    numbers: Mapping[str, int]
    truths: frozenset[str]


class ArithmeticSolver(Protocol):
    """A solver for the formulas of one arithmetic."""

    name: str

    def solve(self, formulas: Sequence[Formula], limit: Limit) -> Solution | Unsatisfiable | Undecided:
        """Look for values of the unknowns under which all of the formulas hold. Raises Stopped at the limit."""


def arithmetic_solver(name: str, arithmetic: Arithmetic) -> ArithmeticSolver:
    """The solver with this name."""
    found: ArithmeticSolver = import_module(f"byzverify.solvers.{name}").arithmetic_solver(arithmetic)
    return found
