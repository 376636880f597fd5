"""Conditions by themselves, on fresh variables: whether one can fail, and whether it treats generals alike.

A condition that holds whatever anybody decides says nothing. And so that one scenario can stand for many, a condition
must not tell one general from another but the commander, and the order in which it is given the witnesses and the loyal
generals must make no difference; that is checked on names. This module knows conditions and terms; it runs no programs.
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
from byzverify.language.conditions import Condition, ConditionFails, Decision, Outcome, in_sight, rebuilt
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import ABSENT, RETREAT, Count, Order, Truth
from byzverify.limits import NO_LIMIT, Limit
from byzverify.logic.evaluation import evaluate
from byzverify.logic.propagation import contradictory
from byzverify.logic.terms import TRUE, Literal, SimplifiedTerms
from byzverify.solvers.answers import Undecided, Unsatisfiable, solver


def demand_impartial(protocol: Protocol, case: Case, outcome: Outcome) -> None:
    """Raise Asymmetric unless the case's condition treats generals alike. Of orders and decisions the shapes matter.

    One that makes sets is taken not to: the order of a set has to do with the numbers of the generals in it. So is one
    that asks for types, since what stands for a general here is no number. Any other must say the same of names, in
    whatever order they are listed, and of numbers, whoever of a group has which.
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
    """Who has each number: so generals are listed by their numbers, as in a run."""
    return {number: general for general, number in enumerate(numbers)}


def _numbers(protocol: Protocol, case: Case, kinds: Iterable[Collection[General]]) -> Iterator[list[General]]:
    """The numbers on which a case's condition is asked: its own, and others if it is no part of byzverify."""
    most = 0 if is_ours(case.condition.holds) else MOST_ASKED // factorial(case.condition.witnesses)
    return arrangements(protocol.n, protocol.groups, [case.witnesses, *kinds], most)


def can_fail(protocol: Protocol, case: Case, outcome: Outcome, limit: Limit) -> bool | None:
    """Whether there are decisions, of the shapes in the outcome, with which the case's condition does not hold.

    None if z3 gives up. Raises Stopped at the limit.
    """
    stage = Stage(protocol, case, outcome, range(protocol.n), limit)
    always = stage.always(stage.goal({}))
    return None if always is None else not always


def implied(protocol: Protocol, case: Case, conditions: Iterable[Condition], outcome: Outcome, limit: Limit) -> bool:
    """Whether wherever the case's condition fails, another of these does before some of its witnesses.

    Whatever the orders and decisions are, of the shapes in the outcome. Raises Stopped at the limit.
    """
    stage = Stage(protocol, case, outcome, range(protocol.n), limit)
    others = [Case(one, some) for one in conditions for some in combinations(case.witnesses, one.witnesses)]
    return stage.always(stage.implication([stage.goal({}, other) for other in others], stage.goal({}))) is True


FEW = 30
"""How many assignments are tried before z3 is asked."""


class Stage:
    """A case with fresh orders and decisions, and generals called by these names."""

    def __init__(
        self, protocol: Protocol, case: Case, outcome: Outcome, names: Sequence[Any], limit: Limit = NO_LIMIT
    ) -> None:
        self._case = case
        self._names = names
        self._listed = in_sight(protocol.groups, range(protocol.n))
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
        """The condition's term where generals take each other's places in everything that it is shown.

        case: another one, of witnesses among these. outcome: another one, with fewer of the orders. names: others.
        """
        case = case or self._case
        listed = [moved.get(general, general) for general in self._listed]
        told = self._outcome if outcome is None else self._in_terms(outcome)
        asked = case.condition.ask(told, case.witnesses, listed, (names or self._names).__getitem__)
        return self._algebra.all_of(truth for _, truth in asked)

    def implication(self, premises: Sequence[Literal], conclusion: Literal) -> Literal:
        """That the conclusion is true where all premises are."""
        return self._algebra.terms.at_least(1, [*(-premise for premise in premises), conclusion])

    def are_the_same(self, one: Literal, other: Literal) -> bool:
        """Whether two goals are known to come to the same under every assignment."""
        return self.always(self._algebra.terms.same(one, other)) is True

    def always(self, goal: Literal) -> bool | None:
        """Whether the goal is true under every assignment; None if z3 gives up."""
        terms = self._algebra.terms
        variables = list(terms.names())
        if goal == TRUE:
            return True
        for true in (variables, (), *([one] for one in variables[:FEW])):  # z3, which loads slowly, is seldom needed
            terms.limit.step()
            if evaluate(terms, [goal], true) == [False]:
                return False
        if contradictory(terms, -goal):
            return True
        found = solver("z3", terms).solve(-goal)
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
