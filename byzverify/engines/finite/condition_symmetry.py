"""Conditions on fresh variables: whether a condition can fail, and whether it treats generals alike.

A condition that holds whatever the generals decide is vacuous. And one scenario can stand for many only if a condition
does not distinguish generals other than the commander, and does not depend on the order in which it is given the
witnesses and the loyal generals. Both are checked on names. This module knows conditions and terms; it runs no
programs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations, product
from math import factorial
from typing import Any

from byzverify.engines.finite.distinguishing import MOST_ASKED, Asymmetric, arrangements, demand_no_identity, is_ours
from byzverify.engines.finite.names import names_of
from byzverify.engines.finite.scenarios import Case, exchanges
from byzverify.engines.finite.symbolic import SymbolicAlgebra
from byzverify.engines.finite.variables import Starts
from byzverify.language.conditions import Condition, ConditionFails, Outcome, in_sight
from byzverify.language.decisions import Decision, rebuilt
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, RETREAT, Count, Order, Truth
from byzverify.limits import NO_LIMIT, Limit
from byzverify.logic.evaluation import evaluate
from byzverify.logic.propagation import contradictory
from byzverify.logic.terms import TRUE, Literal, SimplifiedTerms
from byzverify.solvers.answers import Undecided, Unsatisfiable, solver


def demand_impartial(protocol: Protocol, case: Case, outcome: Outcome) -> None:
    """Raise Asymmetric unless the case's condition treats generals alike. Of the outcome, only the shapes matter.

    A condition that makes sets counts as asymmetric, because the order of a set depends on the numbers of the generals
    in it. So does a condition that asks for types, because the stand-ins for generals here are not numbers. Any other
    must give the same answer on names, in whatever order they are listed, and on numbers, however they are assigned
    within a group.
    """
    demand_no_identity(case.condition, protocol)
    stage = Stage(protocol, case, outcome, names_of(protocol, keys=False))
    rest = [general for general in range(protocol.n) if general not in case.witnesses]
    kinds = [
        [g for g in rest if (g in outcome.loyal, g in outcome.orders) == kind]
        for kind in product((True, False), repeat=2)
    ]
    try:
        reference = stage.goal({})
        others = [stage.goal(moved) for moved in exchanges(protocol.groups, (case.witnesses, *kinds))]
        numbered = [stage.goal(_places(numbers), names=numbers) for numbers in _numbers(protocol, case, kinds)]
    except ConditionFails as error:
        what = f"the condition {case.condition.name} works with generals' numbers: {error.cause}"
        raise Asymmetric(what) from None
    if not all(stage.are_the_same(reference, other) for other in others):
        raise Asymmetric(f"the condition {case.condition.name} depends on the order of the generals")
    if not all(stage.are_the_same(reference, other) for other in numbered):
        raise Asymmetric(f"the condition {case.condition.name} depends on the numbers of the generals")


def _places(numbers: Sequence[General]) -> dict[General, General]:
    """The general behind each number, so that generals are listed by their numbers, as in a run."""
    return {number: general for general, number in enumerate(numbers)}


def _numbers(protocol: Protocol, case: Case, kinds: Iterable[Collection[General]]) -> Iterator[list[General]]:
    """The assignments of numbers on which a condition is asked: the generals' own; others if it is not byzverify's."""
    most = 0 if is_ours(case.condition.holds) else MOST_ASKED // factorial(case.condition.witnesses)
    return arrangements(protocol.n, protocol.groups, [case.witnesses, *kinds], most)


def can_fail(protocol: Protocol, case: Case, outcome: Outcome, limit: Limit) -> bool | None:
    """Whether some decisions, of the shapes in the outcome, violate the case's condition.

    None if z3 gives up. Raises Stopped at the limit.
    """
    stage = Stage(protocol, case, outcome, range(protocol.n), limit)
    always = stage.always(stage.goal({}))
    return None if always is None else not always


def implied(protocol: Protocol, case: Case, conditions: Iterable[Condition], outcome: Outcome, limit: Limit) -> bool:
    """Whether one of `conditions` fails for some of the case's witnesses whenever the case's condition fails.

    This is decided for all orders and decisions of the shapes in the outcome. Raises Stopped at the limit.
    """
    stage = Stage(protocol, case, outcome, range(protocol.n), limit)
    others = [Case(one, some) for one in conditions for some in combinations(case.witnesses, one.witnesses)]
    return stage.always(stage.implication([stage.goal({}, other) for other in others], stage.goal({}))) is True


FEW = 30
"""The number of assignments tried before z3 is asked."""


class Stage:
    """A case with fresh orders and decisions, in which generals have the given names."""

    def __init__(
        self, protocol: Protocol, case: Case, outcome: Outcome, names: Sequence[Any], limit: Limit = NO_LIMIT
    ) -> None:
        self._case = case
        self._names = names
        self._listed = in_sight(protocol.groups, range(protocol.n))
        self._limit = limit
        self._algebra = SymbolicAlgebra(SimplifiedTerms(limit), protocol.words)
        self._orders = {g: self._algebra.variable(partial(Starts, g), RETREAT, protocol.orders) for g in outcome.orders}
        self._decisions = {one: self._fresh(outcome.decisions[one], (one,)) for one in case.witnesses}
        self._outcome = self._in_terms(outcome)

    def _in_terms(self, outcome: Outcome) -> Outcome:
        orders = {general: self._orders[general] for general in outcome.orders}
        return replace(outcome, orders=orders, decisions=self._decisions)

    def goal(
        self,
        moved: Mapping[General, General],
        case: Case | None = None,
        outcome: Outcome | None = None,
        names: Sequence[Any] | None = None,
    ) -> Literal:
        """The term of the condition when generals exchange their places, as `moved` says, in all that it sees.

        case: another case, with some of these witnesses. outcome: another outcome, with some of these orders. names:
        other names.
        """
        case = case or self._case
        listed = [moved.get(general, general) for general in self._listed]
        told = self._outcome if outcome is None else self._in_terms(outcome)
        asked = case.condition.ask(told, case.witnesses, listed, (names or self._names).__getitem__)
        return self._algebra.all_of(truth for _, truth in asked)

    def implication(self, premises: Sequence[Literal], conclusion: Literal) -> Literal:
        """The literal that says that the conclusion is true if all premises are."""
        return self._algebra.terms.at_least(1, [*(-premise for premise in premises), conclusion])

    def are_the_same(self, one: Literal, other: Literal) -> bool:
        """Whether two goals are known to have the same value under every assignment."""
        return self.always(self._algebra.terms.same(one, other)) is True

    def always(self, goal: Literal) -> bool | None:
        """Whether the goal is true under every assignment; None if z3 gives up."""
        terms = self._algebra.terms
        variables = list(terms.names())
        if goal == TRUE:
            return True
        for true in (variables, (), *([one] for one in variables[:FEW])):  # this often avoids loading z3, which is slow
            self._limit.step()
            if evaluate(terms, [goal], true) == [False]:
                return False
        if contradictory(terms, -goal):
            return True
        found = solver("z3", terms).solve(-goal, self._limit)
        return None if isinstance(found, Undecided) else isinstance(found, Unsatisfiable)

    def _fresh(self, shape: Decision, name: tuple[Any, ...]) -> Decision:
        if isinstance(shape, dict):
            return {general: self._fresh(part, (*name, general)) for general, part in shape.items()}
        if isinstance(shape, tuple):
            return rebuilt(shape, (self._fresh(part, (*name, place)) for place, part in enumerate(shape)))
        if isinstance(shape, Count):
            truths = [self._truth((*name, place)) for place in range(len(shape.weighted))]
            weights = [weight for weight, _ in shape.weighted]
            return Count(tuple(zip(weights, truths, strict=True)), shape.constant)
        return (
            self._algebra.variable(lambda word: (*name, word), ABSENT)
            if isinstance(shape, Order)
            else self._truth(name)
        )

    def _truth(self, name: tuple[Any, ...]) -> Truth:
        return self._algebra.truth(self._algebra.terms.variable((*name, "truth")))
