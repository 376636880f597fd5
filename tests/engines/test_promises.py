"""The promise of `needs_loyal`: believed where it is shown of the condition alone, and else every size is tried."""

from dataclasses import replace
from typing import NamedTuple

import pytest

import byzverify
from byzverify.engines.finite.obligations import obligations
from byzverify.engines.finite.promises import Promises
from byzverify.engines.finite.scenarios import NONE, scenarios
from byzverify.engines.finite.symmetry import declared_symmetry
from byzverify.language import (
    ABSENT,
    ATTACK,
    BYZANTINE_GENERALS,
    CONSENSUS,
    CRUSADER_AGREEMENT,
    GRADED_BROADCAST,
    HYBRID_CONSENSUS,
    INTERACTIVE_CONSISTENCY,
    RETREAT,
    TRUE,
    Condition,
    Decision,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    all_of,
    any_of,
    broadcast,
    how_many,
    ite,
)
from byzverify.language.faults import budget_of
from byzverify.limits import NO_LIMIT
from byzverify.logic.terms import SimplifiedTerms

MIXED = {"byzantine": 2, "omission": 1}


def veto(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    return any_of([~any_of(outcome.orders[j] == RETREAT for j in outcome.loyal), _retreats(outcome, witnesses[0])])


def _retreats(outcome: Outcome, witness: General) -> Truth:
    return any_of([outcome.decisions[witness] == RETREAT])


def few_retreat(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    """Fails the more easily the fewer are loyal, but for the last one."""
    return any_of([how_many(outcome.orders[j] == RETREAT for j in outcome.loyal) < 3, _retreats(outcome, witnesses[0])])


def right(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = witnesses
    alike: Truth = outcome.decisions[one][other] == outcome.orders[other]
    return alike


class Trusting(Protocol):
    """Retreats if he hears RETREAT from somebody and something from everyone."""

    needed: int = 0

    @property
    def problem(self) -> Problem:  # type: ignore[override]
        condition = Condition("Veto", "a loyal general's RETREAT is heeded", veto, 1, needs_loyal=self.needed or None)
        return Problem("commit", (condition,), has_commander=False)

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        came = [inbox[j] for j in self.generals]
        heard = any_of(one == RETREAT for one in came) & ~any_of(one == ABSENT for one in came)
        return ite(heard, RETREAT, order)


@pytest.mark.slow
@pytest.mark.parametrize(("needed", "names"), [(0, ()), (1, ("Veto",)), (2, ()), (3, ())])
def test_a_promise_that_is_not_kept_is_not_believed(needed: int, names: tuple[str, ...]) -> None:
    """A veto is about the witness and about who vetoes: two loyal generals."""
    verdict = byzverify.check(Trusting(n=3, needed=needed), 2)
    assert isinstance(verdict, byzverify.Refuted)
    assert verdict.evidence.doubted == names


def doubted(model: Protocol, budget: dict[str, int]) -> list[str]:
    """The conditions whose promises are not shown, when all scenarios have been executed."""
    promises = Promises(model, budget_of(budget), NONE, NO_LIMIT)
    for scenario in promises.scenarios():
        promises.see(scenario.cases, obligations(model, scenario, SimplifiedTerms()).outcome)
    return [condition.name for condition in promises.doubted]


class Own(Protocol):
    """Everyone decides what he starts with, and pads it to the kind of decision that the problem is about."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        started = ATTACK if order is None else order
        yield broadcast(started)
        match self.problem.name:
            case "interactive consistency":
                return dict.fromkeys(self.generals, started)
            case "graded broadcast":
                return started, how_many([started == ATTACK, started == RETREAT, started == ATTACK])
        return started


@pytest.mark.slow
@pytest.mark.parametrize(
    "stated",
    [
        BYZANTINE_GENERALS,
        CONSENSUS,
        HYBRID_CONSENSUS,
        INTERACTIVE_CONSISTENCY,
        CRUSADER_AGREEMENT,
        GRADED_BROADCAST,
    ],
    ids=lambda problem: problem.name,
)
def test_the_published_problems_keep_their_promises(stated: Problem) -> None:
    class Decides(Own):
        problem = stated

    for budget in ({"byzantine": 3}, MIXED, {"crash": 1, "symmetric": 2}):
        assert doubted(Decides(n=5), budget) == []


def test_a_condition_that_one_more_fault_can_save_is_doubted() -> None:
    """Where three loyal generals retreat, and one of them fails, two are left, of whom it says nothing."""

    class Few(Own):
        problem = Problem("own", (Condition("Few", "few retreat", few_retreat, 1, needs_loyal=1),), has_commander=False)

    assert doubted(Few(n=4), {"byzantine": 3}) == ["Few"]
    assert doubted(Few(n=4), {"byzantine": 1}) == ["Few"]


def all_hold(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    """Says something where nobody fails, of decisions that have parts."""
    return all_of(outcome.decisions[witnesses[0]]) if len(outcome.loyal) == outcome.protocol.n else TRUE


class Parted(Protocol):
    """The first general's decision has no parts; those of the others, who are interchangeable, have one."""

    problem = Problem("parts", (Condition("Parts", "all parts hold", all_hold, 1, needs_loyal=1),), has_commander=False)

    def interchangeable(self) -> list[range]:
        return [range(1, self.n)]

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return () if me == 0 else (order == ATTACK,)


@pytest.mark.slow
def test_a_promise_is_asked_of_each_generals_own_decisions() -> None:
    verdict = byzverify.check(Parted(n=4), 1)
    assert isinstance(verdict, byzverify.Refuted)
    assert verdict.evidence.doubted == ("Parts",)


class Table(Protocol):
    """Everyone decides what each of the others told him."""

    problem = Problem("table", (Condition("Right", "they know orders", right, 2, needs_loyal=2),), has_commander=False)
    grouped: bool = True

    def interchangeable(self) -> list[range]:
        return [range(self.n)] if self.grouped else []

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return {other: inbox.get(other, default=RETREAT) for other in self.others(me)}


@pytest.mark.slow
@pytest.mark.parametrize("grouped", [True, False])
def test_a_promise_about_decisions_that_list_the_others_is_shown(grouped: bool) -> None:
    verdict = byzverify.check(Table(n=4, grouped=grouped), 2)
    assert isinstance(verdict, byzverify.Proved)
    assert verdict.evidence.doubted == ()


class AsStarted(Protocol):
    """Everyone decides what he starts with, on a graph on which nobody differs from the others."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return order


def test_on_a_graph_shapes_are_those_of_the_generals_who_take_each_others_places() -> None:
    model = AsStarted(n=5, graph="circulant:5:1")
    promises = Promises(model, budget_of(1), declared_symmetry(model), NO_LIMIT)
    executed = list(scenarios(model, budget_of(1), declared_symmetry(model)))
    for scenario in promises.scenarios():
        promises.see(scenario.cases, obligations(model, scenario, SimplifiedTerms()).outcome)
    assert {general for scenario in executed for general in scenario.observers} != set(range(5))
    assert promises.doubted == []


class Heard(NamedTuple):
    order: Order


class Guessed(NamedTuple):
    order: Order


@pytest.mark.parametrize("others", [(TRUE,), (ATTACK,), Guessed(ATTACK)])
def test_a_promise_is_doubted_where_decisions_of_one_general_are_not_of_one_shape_and_type(others: Decision) -> None:
    model = AsStarted(n=4)
    promises = Promises(model, budget_of(1), NONE, NO_LIMIT)
    for scenario in promises.scenarios():
        outcome = obligations(model, scenario, SimplifiedTerms()).outcome
        for decision in (Heard(ATTACK), others):
            promises.see(scenario.cases, replace(outcome, decisions=dict.fromkeys(outcome.decisions, decision)))
    assert promises.doubted == list(CONSENSUS.conditions)
