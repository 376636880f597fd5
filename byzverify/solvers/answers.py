"""The possible answers of a solver about a literal, and the list of solvers.

A solver is asked whether a literal of a graph of terms can be true. Each solver translates the terms in its own way,
and has a file of its own in `solvers/`, the only one that knows its library. This module knows none of the libraries.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple, TypeVar

from byzverify.errors import Disagreement, OutOfSteps, UsageError, meant
from byzverify.limits import Limit
from byzverify.logic.terms import FALSE, TRUE, Literal, Terms, cone
from byzverify.workers.background import Died, in_a_process

Model = TypeVar("Model")


@dataclass(frozen=True)
class Satisfiable:
    """An assignment under which the literal is true: the variables that the literal is built from, and those true."""

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

    def solve(self, goal: Literal, limit: Limit) -> Found:
        """Look for an assignment of the variables under which `goal` is true. Raises Stopped at the limit."""
        if goal == TRUE:
            return Satisfiable(frozenset(), frozenset())
        if goal == FALSE:
            return Unsatisfiable()
        return self._search(goal, limit)

    @abstractmethod
    def _search(self, goal: Literal, limit: Limit) -> Found:
        """The solver's answer for a goal that is not a constant."""


def aside(name: str, work: Callable[[], Model | str | None], limit: Limit) -> Model | Undecided | None:
    """What a solver of this name returns in a separate process: a text is its reason for giving up.

    Raises Stopped at the limit.
    """
    try:
        found, spent = in_a_process(lambda: (work(), limit.spent), limit)
    except OutOfSteps:
        limit.spend(limit.left or 0)
        raise
    except (Died, RuntimeError) as error:
        return Undecided(f"{name} {'' if isinstance(error, Died) else 'failed: '}{error}")
    limit.spend(spent - limit.spent)  # the steps spent in the other process
    return Undecided(f"{name} gave up: {found}") if isinstance(found, str) else found


class SolverAside(Solver):
    """A solver that runs in a separate process: it can be stopped at any moment, and a crash ends only that process."""

    def _search(self, goal: Literal, limit: Limit) -> Found:
        variables = frozenset(number for number in cone(self.terms, [goal]) if self.terms.nodes[number] is None)
        found = aside(self.name, lambda: self._true_variables(goal, variables, limit), limit)
        if isinstance(found, Undecided):
            return found
        return Unsatisfiable() if found is None else Satisfiable(variables, frozenset(found))

    @abstractmethod
    def _true_variables(self, goal: Literal, variables: frozenset[int], limit: Limit) -> Collection[int] | str | None:
        """Those of the `variables` that are true in a satisfying assignment; None if there is none; or the reason for
        giving up.

        Spends steps of the limit. Raises OutOfSteps if they do not suffice.
        """


class Everyone(Solver):
    """All installed solvers, asked the same question. An answer counts only if all of them give it."""

    name = "all"

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self.solvers = [solver(name, terms) for name in solvers_of(self.name)]

    def _search(self, goal: Literal, limit: Limit) -> Found:
        answers = {one.name: one.solve(goal, limit) for one in self.solvers}
        kinds = {type(answer) for answer in answers.values()} - {Undecided}
        if len(kinds) > 1:
            said = ", ".join(f"{name}: {type(answer).__name__.lower()}" for name, answer in answers.items())
            raise Disagreement(f"solvers contradict each other about one question ({said})")
        silent = [answer for answer in answers.values() if isinstance(answer, Undecided)]
        return silent[0] if silent else next(iter(answers.values()))


class _Known(NamedTuple):
    module: str
    extra: str | None
    arithmetic: bool = False


SOLVERS = {
    "z3": _Known("z3", None, arithmetic=True),
    "cvc5": _Known("cvc5", "solvers", arithmetic=True),
    "cadical": _Known("pysat", "solvers"),
    "exact": _Known("exact", "exact"),
}
"""The module of each solver's library, the extra of byzverify that installs it, and whether it decides arithmetic."""

ARITHMETIC = tuple(name for name, known in SOLVERS.items() if known.arithmetic)
"""The solvers that decide linear arithmetic."""


def installed() -> list[str]:
    """The solvers whose libraries are installed."""
    return [name for name, known in SOLVERS.items() if find_spec(known.module) is not None]


def solvers_of(name: str, among: Collection[str] = SOLVERS) -> tuple[str, ...]:
    """The solvers that this name stands for."""
    return tuple(one for one in installed() if one in among) if name == Everyone.name else (name,)


def demand_installed(name: str, among: Collection[str] = SOLVERS) -> None:
    """Raise UsageError unless the solver of this name, or for `all` a second one, is known and installed."""
    if name != Everyone.name and name not in SOLVERS:
        raise UsageError(
            f"{name!r} is not a solver; there are {', '.join(among)}, and {Everyone.name}{meant(name, among)}"
        )
    if name in SOLVERS and name not in among:
        raise UsageError(f"{name} decides no arithmetic, which a proof for all sizes needs; {' and '.join(among)} do")
    if name in SOLVERS and name not in installed():
        raise UsageError(f"{name} is not installed; pip install 'byzverify[{SOLVERS[name].extra}]' brings it")
    if name == Everyone.name and len(solvers_of(name, among)) < 2:
        raise UsageError("only z3 is installed; pip install 'byzverify[solvers]' brings others to compare it with")


def solver(name: str, terms: Terms) -> Solver:
    """The solver with this name, or all installed solvers for `all`."""
    if name == Everyone.name:
        return Everyone(terms)
    found: Solver = import_module(f"byzverify.solvers.{name}").solver(terms)
    return found
