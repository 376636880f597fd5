"""The question, and the means with which to look for an answer.

This module reads what users give. It must not know how a question is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import factorial
from typing import TYPE_CHECKING

from byzverify.errors import UsageError, meant
from byzverify.language.conditions import Condition
from byzverify.language.faults import Budget, Fault, budget_of
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT, Limit

if TYPE_CHECKING:
    from byzverify.workers.crew import Crew

Progress = Callable[[str], None]
"""Called with one line about the current step."""

MANY_ORDERS = 100
"""If a condition has more orders of its witnesses than this, deciding it takes long, and progress lines say so."""


def in_silence(line: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Question:
    """Whether these conditions of a model hold, whoever fails within the budget and whatever faulty generals do."""

    model: Protocol
    faults: Budget
    conditions: tuple[Condition, ...]

    @classmethod
    def of(
        cls,
        model: Protocol,
        traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None,
        condition: str | Iterable[str] | None = None,
    ) -> Question:
        """The question that a user means, about all conditions if none is named. Raises UsageError for bad input."""
        faults = budget_for(model, traitors)
        return cls(model, faults, _named(model, condition) or model.problem.conditions)

    def against(self, faults: Budget) -> Question:
        """The same question about another budget."""
        return replace(self, faults=faults)

    @property
    def many_orders(self) -> str:
        """The text to add to progress lines if conditions have many orders of witnesses; else empty."""
        orders = {condition: factorial(condition.witnesses) for condition in self.conditions}
        return "".join(
            f"; {condition.name} is evaluated for {condition.witnesses} witnesses in {number:,} orders"
            for condition, number in orders.items()
            if number > MANY_ORDERS
        )


@dataclass(frozen=True)
class Means:
    """The means with which to look for an answer.

    solver: the name of a solver, or `all`. raw: whether it gets the terms as the execution builds them, without
    simplification. crew: the workers that decide the cases; None if this process does.
    """

    solver: str = "z3"
    raw: bool = False
    limit: Limit = NO_LIMIT
    progress: Progress = field(default=in_silence, repr=False)
    crew: Crew | None = None


def budget_for(model: Protocol, traitors: int | Mapping[str, int] | Mapping[Fault, int] | None = None) -> Budget:
    """How many generals may fail in each mode, from user input. Raises UsageError for impossible numbers."""
    demand_instance(model)
    most = getattr(model, "m", None) if traitors is None else traitors
    if most is None:
        raise UsageError(
            f"say how many traitors there may be (-t, or traitors=...): {type(model).__name__} has no m to take it from"
        )
    faults = budget_of(most)
    total = sum(faults.values())
    if total > model.n:
        raise UsageError(f"there can be 0 to {model.n} traitors among {model.n} generals, not {total}")
    return faults


def demand_instance(model: Protocol) -> None:
    """Raise UsageError unless this is an instance of a protocol."""
    if not isinstance(model, Protocol):
        raise UsageError(f"give an instance of a protocol, such as OM(n=4, m=1), not {model!r}")


def _named(model: Protocol, names: str | Iterable[str] | None) -> tuple[Condition, ...]:
    """The conditions of these names, in the problem's order; none if no name is given. Raises UsageError."""
    known = model.problem.conditions
    wanted = [] if names is None else [names] if isinstance(names, str) else list(names)
    there = [condition.name for condition in known]
    for name in wanted:
        if name not in there:
            raise UsageError(
                f"{name!r} is not a condition of this model; there are {', '.join(there)}{meant(name, there)}"
            )
    return tuple(condition for condition in known if condition.name in wanted)
