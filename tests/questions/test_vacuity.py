"""A proof that would say nothing is refused; what is proved can fail, and holds where nobody does."""

from collections.abc import Callable
from typing import Any

import pytest

import byzverify
from byzverify.errors import Vacuous
from byzverify.language import (
    ABSENT,
    AGREEMENT,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    broadcast,
)
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.rendering.json import verdict_as_json

Holds = Callable[[Outcome, tuple[int, ...]], Truth]


def solving(*conditions: Condition) -> type[Protocol]:
    class Stubborn(Protocol):
        """Everyone keeps his order."""

        problem = Problem("a test's", conditions, has_commander=False)

        def general(self, me: General, order: Order) -> Program:
            yield broadcast(order)
            return order

    return Stubborn


def is_what_it_is(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    decision: Order = outcome.decisions[witnesses[0]]
    return (decision == decision) | (decision != decision)


def keeps_his_order(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    decision: Order = outcome.decisions[witnesses[0]]
    return decision == outcome.orders[witnesses[0]]


SAYS_NOTHING = Condition("Idle", "everything is what it is", is_what_it_is, witnesses=1)
KEEPS = Condition("Own", "everyone keeps his order", keeps_his_order, witnesses=1)
NEVER = Condition("Never", "asks nothing", keeps_his_order, witnesses=1, concerns=lambda protocol, loyal: False)


def test_a_model_with_no_condition_that_can_fail_is_refused() -> None:
    with pytest.raises(Vacuous, match="Idle holds whatever the generals decide") as raised:
        byzverify.check(solving(SAYS_NOTHING)(n=3), 1)
    assert raised.value.exit_code == 2


def test_one_condition_that_cannot_fail_beside_one_that_can_is_said_to_say_nothing() -> None:
    """Where decisions are of few values, a published condition may come to nothing."""
    assert vacuity(solving(KEEPS, SAYS_NOTHING)(n=3), traitors=1) == {"Own": (True, True), "Idle": (False, True)}


def decides_something(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    order: Order = outcome.orders[witnesses[0]]
    return order != ABSENT


def test_nobody_starts_with_nothing() -> None:
    always = Condition("Some", "everyone starts with an order", decides_something, witnesses=1)
    with pytest.raises(Vacuous, match="Some holds whatever"):
        byzverify.check(solving(always)(n=3), 1)


def test_a_model_that_asks_nothing_is_refused() -> None:
    with pytest.raises(Vacuous, match="no choice of faulty generals leaves any condition something to check"):
        byzverify.check(solving(NEVER)(n=3), 1)
    with pytest.raises(Vacuous, match="no choice"):
        byzverify.check(solving(AGREEMENT)(n=1), 0)


def test_an_attack_on_one_condition_is_not_lost_to_another_that_says_nothing() -> None:
    verdict = byzverify.check(solving(AGREEMENT, SAYS_NOTHING)(n=3), 1)
    assert isinstance(verdict, byzverify.Refuted)
    assert [known.fallible for known in verdict.conditions] == [True, False]


def vacuity(model: Protocol, **asked: Any) -> dict[str, tuple[Any, Any]]:
    found = verdict_as_json(byzverify.check(model, **asked))
    assert found["assumptions_satisfiable"] is True
    return {name: (one["can_fail"], one["holds_without_faults"]) for name, one in found["conditions"].items()}


@pytest.mark.slow
@pytest.mark.parametrize("model", [OM(n=4, m=1), PhaseKing(n=4, m=1), PhaseKing(n=7, m=2)])
def test_what_is_proved_can_fail_and_holds_where_nobody_does(model: Protocol) -> None:
    assert set(vacuity(model).values()) == {(True, True)}


def test_a_condition_that_asks_nothing_is_told_from_one_that_holds() -> None:
    assert vacuity(solving(KEEPS, NEVER)(n=3), traitors=1) == {"Own": (True, True), "Never": (None, None)}


def test_what_fails_by_traitors_only_holds_where_nobody_does() -> None:
    assert vacuity(OM(n=3, m=1))["IC2"] == (True, True)


def test_what_fails_where_nobody_does_is_refuted() -> None:
    """Whoever may fail may also not fail: the run without faults is one of those that a verdict speaks of."""
    assert vacuity(solving(AGREEMENT)(n=3), traitors=1) == {"Agreement": (True, None)}
    alone = Condition(
        "All",
        "all agree if nobody fails",
        AGREEMENT.holds,
        witnesses=2,
        needs_loyal=2,
        concerns=lambda protocol, loyal: len(loyal) == protocol.n,
    )
    assert isinstance(byzverify.check(solving(KEEPS, alone)(n=3), 1), byzverify.Refuted)


def test_what_fails_where_nobody_does_for_some_generals_alone_does_not_hold_there() -> None:
    def as_the_first(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
        decision: Order = outcome.decisions[witnesses[0]]
        return decision == outcome.orders[0]

    first = Condition("First", "everyone decides as the first starts", as_the_first, witnesses=1)
    assert vacuity(solving(first, KEEPS)(n=3), traitors=0) == {"First": (True, None), "Own": (True, True)}


def test_what_was_stopped_was_not_looked_at() -> None:
    found = verdict_as_json(byzverify.check(OM(n=4, m=1), timeout=0))
    assert found["assumptions_satisfiable"] is None
    assert found["conditions"]["IC1"]["can_fail"] is None
    assert found["conditions"]["IC1"]["holds_without_faults"] is None
