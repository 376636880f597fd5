"""What a protocol must guarantee: conditions on the decisions of loyal generals, and the problems they make up.

A condition is written with the operators of the language, so that the same text judges plain decisions in the
simulator and states the goal in the checker. Unlike a general's program, a condition knows who is loyal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from byzverify.language.messages import General
from byzverify.language.values import FALSE, TRUE, Count, Order, Truth, all_of

COMMANDER: General = 0
"""The general whose order the others are to obey, where a problem has one."""

Decision = Any
"""What a general decides: an order, a truth or a count, or a tuple or a dictionary (from generals) of decisions."""


def written(decision: Decision) -> Any:
    """A decision on plain values as JSON has it: orders by name, truths, numbers, lists, objects."""
    if isinstance(decision, dict):
        return {str(general): written(part) for general, part in sorted(decision.items())}
    if isinstance(decision, tuple):
        return [written(part) for part in decision]
    if isinstance(decision, Count):
        held: list[int] = [weight for weight, truth in decision.weighted if truth]
        return decision.constant + sum(held)
    return decision.name if isinstance(decision, Order) else bool(decision)


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    loyal: who did not fail. orders: what each general started with who makes nothing up: those who are loyal or fail
    in a mode that only leaves out. decisions: what the witnesses decided.
    """

    loyal: Collection[General]
    orders: Mapping[General, Order]
    decisions: Mapping[General, Decision]


def same(one: Decision, other: Decision) -> Truth:
    """Whether two decisions are the same in all their parts."""
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return all_of([TRUE, *(same(a, b) for a, b in zip(one, other, strict=True))])
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return all_of([TRUE, *(same(part, other[general]) for general, part in one.items())])
    if isinstance(one, Truth) and isinstance(other, Truth):
        return (one & other) | (~one & ~other)
    alike = any(isinstance(one, kind) and isinstance(other, kind) for kind in (Order, Count))
    return all_of([one == other]) if alike else FALSE


def _always(protocol: Any, loyal: Collection[General]) -> bool:
    return True


def _commander_is_loyal(protocol: Any, loyal: Collection[General]) -> bool:
    return COMMANDER in loyal


@dataclass(frozen=True)
class Condition:
    """One property, as a claim about every choice of so many loyal witnesses, one or more.

    It must be symmetric in the witnesses and name no general but the commander: the checker folds choices of witnesses
    that are alike.

    holds: given an outcome and `witnesses` different loyal generals, in ascending order, whether they bear it out.
    concerns: whether the condition says anything, given the protocol instance and who is loyal.
    needs_loyal: a violation stays one when any loyal general turns traitor (and goes on acting as he did) as long as
        the `needs_loyal` generals that it is about stay loyal; None where that is not so. It lets the checker
        look at the largest sets of traitors only (docs/explanation/traitor-sets.md).
    """

    name: str
    statement: str
    holds: Callable[[Outcome, tuple[General, ...]], Truth]
    witnesses: int
    concerns: Callable[[Any, Collection[General]], bool] = _always
    needs_loyal: int | None = None

    def __repr__(self) -> str:
        return self.name


def _same_decision(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = witnesses
    return same(outcome.decisions[one], outcome.decisions[other])


def _obeys_the_commander(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (lieutenant,) = witnesses
    return same(outcome.decisions[lieutenant], outcome.orders[COMMANDER])


def _keeps_a_common_order(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (general,) = witnesses
    own = outcome.orders[general]
    common = all_of([TRUE, *(outcome.orders[other] == own for other in outcome.loyal if other != general)])
    return ~common | same(outcome.decisions[general], own)


IC1 = Condition(
    "IC1",
    "all loyal lieutenants obey the same order",
    _same_decision,
    witnesses=2,
    needs_loyal=2,
)
"""Agreement. LSP 1982, section 1."""

IC2 = Condition(
    "IC2",
    "if the commander is loyal, every loyal lieutenant obeys his order",
    _obeys_the_commander,
    witnesses=1,
    concerns=_commander_is_loyal,
    needs_loyal=2,
)
"""Validity. LSP 1982, section 1."""

AGREEMENT = Condition(
    "Agreement",
    "all loyal generals decide the same",
    _same_decision,
    witnesses=2,
    needs_loyal=2,
)
"""Agreement of consensus, where every general starts with an order. Lynch 1996, section 6.1."""

VALIDITY = Condition(
    "Validity",
    "if all loyal generals start with the same order, they decide it",
    _keeps_a_common_order,
    witnesses=1,
    needs_loyal=1,
)
"""Validity of consensus. Lynch 1996, section 6.1 (strong validity: the traitors' orders do not matter)."""


@dataclass(frozen=True)
class Problem:
    """What a protocol sets out to solve: who starts with an order, and what must hold at the end."""

    name: str
    has_commander: bool
    conditions: tuple[Condition, ...]

    def starters(self, n: int) -> range:
        """The generals that start with an order."""
        return range(1) if self.has_commander else range(n)

    def deciders(self, n: int) -> range:
        """The generals whose decisions the conditions are about."""
        return range(1, n) if self.has_commander else range(n)


BYZANTINE_GENERALS = Problem("Byzantine generals", True, (IC1, IC2))
"""A commander sends an order to his n-1 lieutenants. LSP 1982, section 1."""

CONSENSUS = Problem("consensus", False, (AGREEMENT, VALIDITY))
"""Every general starts with an order and they are to agree on one."""
