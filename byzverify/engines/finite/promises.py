"""The promise that a condition makes with `needs_loyal`, checked on the condition alone.

A condition that needs k loyal generals promises this about a violation with more than k loyal generals: it remains a
violation if some general who is not a witness fails as well and goes on acting as he did. If the promise is kept, it is
enough to check the largest sets of faulty generals (docs/explanation/traitor-sets.md). This module checks the promise
on fresh orders and decisions, for every set of faulty generals that would be left out, and for each mode in which one
more general can fail. It knows conditions and terms; it runs no programs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from byzverify.engines.finite.condition_symmetry import Stage, demand_impartial
from byzverify.engines.finite.distinguishing import Asymmetric
from byzverify.engines.finite.scenarios import (
    NONE,
    Case,
    Permutation,
    Scenario,
    Symmetry,
    concerns,
    left_out,
    scenarios,
)
from byzverify.language.conditions import Condition, ConditionFails, Outcome
from byzverify.language.decisions import Decision, rebuilt
from byzverify.language.faults import Budget, Fault, Faults
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Count, Order
from byzverify.limits import Limit
from byzverify.logic.terms import Literal


class Promises:
    """The promises of a protocol's conditions, if no more generals fail than the budget allows.

    doubted: the conditions whose promises could not be proved, once all other scenarios have been executed.
    """

    def __init__(self, protocol: Protocol, budget: Budget, symmetry: Symmetry, limit: Limit) -> None:
        self._protocol = protocol
        self._budget = budget
        self._symmetry = symmetry
        self._limit = limit
        self._shapes: dict[General, Decision] = {}
        self._vary = False
        self.doubted: list[Condition] = []

    def scenarios(self, wanted: Callable[[Condition], bool] = lambda condition: True) -> Iterator[Scenario]:
        """Every scenario that must be decided: first those that suffice if all promises are kept, then the others.

        The caller must call `see` with the cases of each. wanted: the conditions for which the others are needed.
        Raises Stopped at the limit.
        """
        yield from scenarios(self._protocol, self._budget, self._symmetry)
        promising = [one for one in self._protocol.problem.conditions if one.needs_loyal is not None and wanted(one)]
        self.doubted = [condition for condition in promising if not self._is_kept(condition)]
        yield from left_out(self._protocol, self._budget, self._symmetry, self.doubted)

    def see(self, cases: Iterable[Case], outcome: Outcome) -> None:
        """Record the shapes of the decisions in these cases."""
        for general in {general for case in cases for general in case.witnesses}:
            self._note(general, outcome.decisions[general])

    def _note(self, general: General, shape: Decision) -> None:
        known = self._shapes.setdefault(general, shape)
        self._vary = self._vary or _form(known) != _form(shape)

    def _is_kept(self, condition: Condition) -> bool:
        """Whether it is proved that the sizes left out because of the condition's `needs_loyal` need not be checked."""
        others = left_out(self._protocol, self._budget, self._symmetry, [condition])
        asked = [(case, scenario.faults) for scenario in others for case in scenario.cases]
        witnesses = {general for case, _ in asked for general in case.witnesses}
        try:
            self._infer_shapes()
            known = witnesses <= self._shapes.keys() and not self._vary
            return known and all(self._covers(case, faults) for case, faults in asked)
        except (Asymmetric, ConditionFails):
            return False

    def _infer_shapes(self) -> None:
        """Derive the shapes of decisions of generals who are interchangeable with those whose decisions are known."""
        moves = self._symmetry.permutations(self._protocol.n)
        pending = list(self._shapes)
        while pending:
            general = pending.pop()
            for moved in moves:
                if moved[general] not in self._shapes:
                    pending.append(moved[general])
                self._note(moved[general], _renamed(self._shapes[general], moved))

    def _covers(self, case: Case, faults: Faults) -> bool:
        """Whether every violation with these faulty generals remains one if some other general fails, in any mode."""
        outcome = self._outcome(case, faults)
        if self._symmetry != NONE:
            demand_impartial(self._protocol, case, outcome)
        stage = Stage(self._protocol, case, outcome, range(self._protocol.n), self._limit)
        failed = [*faults.values()]
        return all(
            stage.always(stage.implication([*self._worse(stage, case, faults, mode)], stage.goal({}))) is True
            for mode, most in self._budget.items()
            if failed.count(mode) < most
        )

    def _worse(self, stage: Stage, case: Case, faults: Faults, mode: Fault) -> Iterator[Literal]:
        """The goal of the same case with one more faulty general, for each general who can be that one."""
        for general in range(self._protocol.n):
            more: Faults = {**faults, general: mode}
            free = general not in faults and general not in case.witnesses
            if free and concerns(case.condition, self._protocol, more, self._symmetry):
                yield stage.goal({}, outcome=self._outcome(case, more))

    def _outcome(self, case: Case, faults: Faults) -> Outcome:
        orders = dict.fromkeys(self._protocol.problem.starters(self._protocol.n), self._protocol.orders[0])
        return Outcome.of(self._protocol, faults, orders, {one: self._shapes[one] for one in case.witnesses})


def _renamed(shape: Decision, moved: Permutation) -> Decision:
    """The shape of a decision in which the generals have been renamed."""
    if isinstance(shape, dict):
        return {moved[general]: _renamed(part, moved) for general, part in shape.items()}
    return rebuilt(shape, [_renamed(part, moved) for part in shape]) if isinstance(shape, tuple) else shape


def _form(shape: Decision) -> object:
    """A value that is equal for decisions of the same shape."""
    if isinstance(shape, dict):
        return {general: _form(part) for general, part in shape.items()}
    if isinstance(shape, tuple):
        return type(shape), [_form(part) for part in shape]
    if isinstance(shape, Count):
        return shape.constant, Counter(weight for weight, _ in shape.weighted)
    return isinstance(shape, Order)
