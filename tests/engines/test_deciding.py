"""What a scenario obliges a protocol to, and what becomes of its cases, one by one."""

from dataclasses import replace

import pytest

import byzverify
from byzverify.engines.finite.deciding import Answer, answers
from byzverify.engines.finite.obligations import Obligations, obligations
from byzverify.engines.finite.scenarios import NONE, scenarios
from byzverify.errors import OutOfSteps
from byzverify.language import (
    ATTACK,
    CONSENSUS,
    RETREAT,
    TRUE,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    any_of,
    broadcast,
    majority,
)
from byzverify.language.faults import Fault
from byzverify.limits import Limit
from byzverify.logic.terms import SimplifiedTerms, Terms
from byzverify.models.om import OM
from byzverify.solvers.answers import Undecided
from byzverify.solvers.z3 import Z3

MAYBE = Order("MAYBE")


def stated(protocol: Protocol, terms: Terms) -> Obligations:
    """The obligations where the last general is a byzantine traitor."""
    *_, scenario = scenarios(protocol, {Fault.BYZANTINE: 1}, NONE)
    return obligations(protocol, scenario, terms)


def of_all(obligations: Obligations) -> list[Answer]:
    return list(answers(obligations, "z3", lambda condition: True))


def test_what_is_decided_while_it_is_built_is_marked() -> None:
    simplified, raw = (of_all(stated(OM(n=4, m=1), kind())) for kind in (SimplifiedTerms, Terms))
    assert [answer.case for answer in simplified] == [answer.case for answer in raw]
    assert all(answer.while_built for answer in simplified)
    assert not any(answer.while_built for answer in raw)
    assert all(answer.claim is None and answer.unknown is None for answer in simplified + raw)


def test_only_conditions_that_are_wanted_are_decided() -> None:
    obligations = stated(OM(n=4, m=1), SimplifiedTerms())
    conditions = {case.condition for case in obligations.scenario.cases}
    assert len(conditions) == 2
    for condition in conditions:
        found = list(answers(obligations, "z3", condition.__eq__))
        assert {answer.case.condition for answer in found} == {condition}
    assert list(answers(obligations, "z3", lambda condition: False)) == []


def test_what_is_undecided_keeps_its_case_and_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Z3, "solve", lambda self, goal, limit: Undecided("it is tired"))
    obligations = stated(OM(n=4, m=1), Terms())
    assert of_all(obligations) == [Answer(case, unknown="it is tired") for case in obligations.scenario.cases]


def keeps_to_orders(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    return any_of(outcome.decisions[witnesses[0]] == order for order in OM(n=2, m=0).orders)


class Stubborn(Protocol):
    """Everyone keeps his order, and there is a word that is none."""

    marks = (MAYBE,)
    problem = replace(CONSENSUS, conditions=(Condition("Order", "an order is decided", keeps_to_orders, witnesses=1),))

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(MAYBE)
        return order


def test_nobody_starts_with_a_mark() -> None:
    assert isinstance(byzverify.check(Stubborn(n=3), 1), byzverify.Proved)
    assert stated(Stubborn(n=3), Terms()).extent.variables == 2  # an order of each who is loyal


class Careful(Protocol):
    """Whatever goes wrong, a general retreats."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        try:
            return majority([inbox[sender] for sender in self.generals])
        except Exception:
            return RETREAT


def careful(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    try:
        return any_of([outcome.decisions[witnesses[0]] == RETREAT, *(one == ATTACK for one in outcome.orders.values())])
    except Exception:
        return TRUE


class CarefullyAsked(Careful):
    problem = Problem("careful", (Condition("Careful", "he retreats", careful, witnesses=1),), has_commander=False)


@pytest.mark.parametrize("kind", [Careful, CarefullyAsked])
@pytest.mark.parametrize("terms", [Terms, SimplifiedTerms])
def test_a_limit_whose_error_an_author_s_code_catches_still_ends_the_work(
    kind: type[Protocol], terms: type[Terms]
) -> None:
    """Otherwise what was made of the rest of the terms would be decided."""
    protocol = kind(n=4)

    def violations(limit: Limit) -> list[int]:
        made = stated(protocol, terms(limit))
        return [made.violation(case) for case in made.scenario.cases]

    unlimited = Limit(steps=10**6)
    right = violations(unlimited)
    for steps in range(1, unlimited.spent + 1):
        with pytest.raises(OutOfSteps):
            violations(Limit(steps=steps))
    assert violations(Limit(steps=unlimited.spent + 1)) == right


def test_an_execution_ends_at_a_limit_whose_error_a_program_catches() -> None:
    unlimited = Limit(steps=10**6)
    stated(Careful(n=4), SimplifiedTerms(unlimited))
    for steps in range(1, unlimited.spent + 1):
        with pytest.raises(OutOfSteps):
            stated(Careful(n=4), SimplifiedTerms(Limit(steps=steps)))
