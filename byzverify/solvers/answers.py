"""What solvers say of a literal, and which solvers there are.

A solver is asked whether a literal of a graph of terms can be true. Each translates the terms in a way of its own, and
each has a file of its own in `solvers/`, the only one that knows the library. This module knows none of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from byzverify.errors import Disagreement, OutOfSteps, UsageError, meant
from byzverify.logic.terms import FALSE, TRUE, Literal, Terms, cone
from byzverify.workers.background import Died, in_a_process


@dataclass(frozen=True)
class Satisfiable:
    """An assignment under which the literal is true: the variables that it is built from, and the true ones of them."""

    variables: frozenset[int]
    true_variables: frozenset[int]


@dataclass(frozen=True)
class Unsatisfiable:
    """No assignment makes the literal true."""


@dataclass(frozen=True)
class Undecided:
    """The solver gave up, for this reason."""

    reason: str


Found = Satisfiable | Unsatisfiable | Undecided


class Solver(ABC):
    """One solver's view of one graph of terms."""

    name: str

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    def solve(self, goal: Literal) -> Found:
        """Look for an assignment of the variables under which `goal` is true. Raises Stopped at the terms' limit."""
        if goal == TRUE:
            return Satisfiable(frozenset(), frozenset())
        if goal == FALSE:
            return Unsatisfiable()
        return self._search(goal)

    @abstractmethod
    def _search(self, goal: Literal) -> Found:
        """What the solver answers for a goal that is no constant."""


class SolverAside(Solver):
    """A solver that works in a process of its own, so that it can be ended at any moment and take only itself down."""

    def _search(self, goal: Literal) -> Found:
        limit = self.terms.limit
        variables = frozenset(number for number in cone(self.terms, [goal]) if self.terms.nodes[number] is None)
        try:
            found, spent = in_a_process(lambda: (self._true_variables(goal, variables), limit.spent), limit)
        except OutOfSteps:
            limit.spend(limit.left or 0)
            raise
        except (Died, RuntimeError) as error:
            return Undecided(f"{self.name} {'' if isinstance(error, Died) else 'failed: '}{error}")
        limit.spend(spent - limit.spent)  # what the other process spent
        if isinstance(found, str):
            return Undecided(f"{self.name} gave up: {found}")
        return Unsatisfiable() if found is None else Satisfiable(variables, frozenset(found))

    @abstractmethod
    def _true_variables(self, goal: Literal, variables: frozenset[int]) -> Collection[int] | str | None:
        """Those of the `variables` that an assignment makes true; None if none exists; why there is no answer.

        Spends the steps of the terms' limit. Raises OutOfSteps where they are not enough.
        """


class Everyone(Solver):
    """Every solver that is installed, each asked the same. An answer counts if all give it."""

    name = "all"

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self.solvers = [solver(name, terms) for name in solvers_of(self.name)]

    def _search(self, goal: Literal) -> Found:
        answers = {one.name: one.solve(goal) for one in self.solvers}
        kinds = {type(answer) for answer in answers.values()} - {Undecided}
        if len(kinds) > 1:
            said = ", ".join(f"{name}: {type(answer).__name__.lower()}" for name, answer in answers.items())
            raise Disagreement(f"solvers contradict each other about one question ({said})")
        silent = [answer for answer in answers.values() if isinstance(answer, Undecided)]
        return silent[0] if silent else next(iter(answers.values()))


class _Known(NamedTuple):
    module: str
    extra: str | None


SOLVERS = {
    "z3": _Known("z3", None),
    "cvc5": _Known("cvc5", "solvers"),
    "cadical": _Known("pysat", "solvers"),
    "exact": _Known("exact", "exact"),
}
"""The module of each solver's library, and the extra of byzverify that brings it."""


def installed() -> list[str]:
    """The solvers whose libraries are there."""
    return [name for name, known in SOLVERS.items() if find_spec(known.module) is not None]


def solvers_of(name: str) -> tuple[str, ...]:
    """The solvers that answer to this name."""
    return tuple(installed()) if name == Everyone.name else (name,)


def demand_installed(name: str) -> None:
    """Raise UsageError unless the solver of this name, or for `all` a second one, is known and installed."""
    if name != Everyone.name and name not in SOLVERS:
        raise UsageError(
            f"{name!r} is not a solver; there are {', '.join(SOLVERS)}, and {Everyone.name}{meant(name, SOLVERS)}"
        )
    if name in SOLVERS and name not in installed():
        raise UsageError(f"{name} is not installed; pip install 'byzverify[{SOLVERS[name].extra}]' brings it")
    if name == Everyone.name and len(installed()) < 2:
        raise UsageError("only z3 is installed; pip install 'byzverify[solvers]' brings others to compare it with")


def solver(name: str, terms: Terms) -> Solver:
    """The solver of this name, or `all`."""
    if name == Everyone.name:
        return Everyone(terms)
    found: Solver = import_module(f"byzverify.solvers.{name}").solver(terms)
    return found
