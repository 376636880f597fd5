"""Conditions on names: whether a condition treats generals alike, so that one scenario can stand for many.

A condition must not tell one general from another but the commander, and the order in which it is given the witnesses
and the loyal generals must make no difference. Both are checked on names and fresh variables, for the scenario at
hand. This module knows conditions and terms; it runs no programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from byzverify.checking.names import names_of
from byzverify.checking.scenarios import Asymmetric, Case, rearranged
from byzverify.checking.symbolic import SymbolicAlgebra
from byzverify.errors import RuleBroken
from byzverify.language.conditions import Decision, Outcome
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, Count, Order, Truth
from byzverify.logic.terms import Literal, SimplifiedTerms


def demand_impartial(protocol: Protocol, case: Case, outcome: Outcome) -> None:
    """Raise Asymmetric unless the case's condition treats generals alike. Of orders and decisions the shapes matter."""
    stage = _Stage(protocol, outcome)
    loyal, starters = list(outcome.loyal), list(outcome.orders)
    try:
        reference = stage.goal(case, loyal, starters, case.witnesses)
        others = [stage.goal(case, other, starters, case.witnesses) for other in rearranged(loyal)]
        others += [stage.goal(case, loyal, other, case.witnesses) for other in rearranged(starters)]
        others += [stage.goal(case, loyal, starters, other) for other in rearranged(case.witnesses)]
    except RuleBroken as error:
        raise Asymmetric(f"the condition {case.condition.name} {error}") from None
    if not all(stage.are_the_same(reference, other) for other in others):
        raise Asymmetric(f"the condition {case.condition.name} depends on the order of the generals")


class _Stage:
    """Fresh orders and decisions, by name."""

    def __init__(self, protocol: Protocol, outcome: Outcome) -> None:
        self._names = names_of(protocol)
        self._algebra = SymbolicAlgebra(SimplifiedTerms(), protocol.words)
        self._orders = {general: self._fresh(ABSENT, ("order", general)) for general in outcome.orders}
        self._decisions = {general: self._fresh(shape, (general,)) for general, shape in outcome.decisions.items()}

    def goal(
        self, case: Case, loyal: Sequence[General], starters: Sequence[General], witnesses: Sequence[General]
    ) -> Literal:
        """The condition's term, with generals listed in this order."""
        named = self._names
        outcome = Outcome(
            [named[general] for general in loyal],
            {named[general]: self._orders[general] for general in starters},
            {named[general]: self._decisions[general] for general in witnesses},
        )
        return self._algebra.literal(case.condition.holds(outcome, tuple(named[general] for general in witnesses)))

    def are_the_same(self, one: Literal, other: Literal) -> bool:
        """Whether two goals come to the same under every assignment."""
        if one == other:
            return True
        from byzverify.checking.solving import Search, Unsatisfiable  # it imports z3, which is seldom needed here

        differ = -self._algebra.terms.same(one, other)
        return isinstance(Search(self._algebra.terms).solve(differ), Unsatisfiable)

    def _fresh(self, shape: Decision, name: tuple[Any, ...]) -> Decision:
        if isinstance(shape, dict):
            return {self._names[general]: self._fresh(part, (*name, general)) for general, part in shape.items()}
        if isinstance(shape, tuple):
            return tuple(self._fresh(part, (*name, place)) for place, part in enumerate(shape))
        if isinstance(shape, Count):
            truths = [self._truth((*name, place)) for place in range(len(shape.weighted))]
            return Count(tuple((weight, truth) for (weight, _), truth in zip(shape.weighted, truths, strict=True)))
        return self._algebra.variable(name, ABSENT) if isinstance(shape, Order) else self._truth(name)

    def _truth(self, name: tuple[Any, ...]) -> Truth:
        return self._algebra.truth(self._algebra.terms.variable((*name, "truth")))
