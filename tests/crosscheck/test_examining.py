"""The guards by themselves: what runs in the simulator and each general alone bring to light, with no mend to help."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from byzverify.crosscheck import examining
from byzverify.crosscheck.differences import Found, in_words
from byzverify.crosscheck.examining import Effort, examine, examine_these
from byzverify.crosscheck.plans import Plan, how_many_cover
from byzverify.crosscheck.playing import play
from byzverify.engines.finite.obligations import Obligations, obligations
from byzverify.errors import ProtocolError
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    CONSENSUS,
    FALSE,
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
    count,
    ite,
    majority,
)
from byzverify.language.faults import Fault, budget_of
from byzverify.models.eig import EIG
from byzverify.models.om import OM
from byzverify.models.omh import OMH
from byzverify.models.sm import SM
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.trial import Trial

LITTLE = Effort(orders=20_000, most=16)
BRIEFLY = replace(LITTLE, brief=True, singly=0)
ONE = budget_of(1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "budget"),
    [
        (OM(n=4, m=1), {"byzantine": 1}),
        (OM(n=7, m=2), {"byzantine": 1, "crash": 1}),
        (EIG(n=4, m=1), {"symmetric": 1}),
        (SM(n=4, m=1), {"byzantine": 1}),
        (SM(n=4, m=2), {"symmetric": 1, "omission": 1}),
        (OMH(n=5, m=1), {"byzantine": 1, "manifest": 1}),
    ],
    ids=str,
)
def test_right_models_differ_nowhere(model: Protocol, budget: dict[str, int]) -> None:
    found = examine(model, budget_of(budget), LITTLE)
    assert found.runs >= 16
    assert found.alone >= 2 * found.runs
    assert not found.differences
    assert not found.broken


def test_a_condition_that_fails_in_a_run_is_named_with_the_run() -> None:
    found = examine(TooFew(n=4), ONE, LITTLE)
    assert list(found.broken) == ["IC1"]
    assert found.broken["IC1"].text.startswith("IC1 is proved, but fails in a simulated run: general ")
    run = "in a run of TooFew(n=4) in which general 0 is a traitor; general 0 starts with RETREAT; in round 1 general "
    assert run in found.broken["IC1"].text
    assert not found.differences


def test_a_run_that_differs_is_told_in_words() -> None:
    model = OM(n=5, m=1)
    told = {(2, 3, 1, (0, 3)): "ABSENT", (2, 4, 1, (0, 4)): "RETREAT", (2, 4, 2, (0, 4)): "RETREAT"}
    faults = {2: "crash", 3: "byzantine", 4: "byzantine"}
    run = Trial(model, faults, {0: "ATTACK"}, told).simulate()
    assert in_words(model, play(model, Plan.of(run), most=1000)) == (
        "a run of OM(n=5, m=1) in which generals 3, 4 are traitors; general 2 is crash-faulty; general 0 starts with "
        "ATTACK; in round 2 general 3 tells 1 nothing about 0-3; in round 2 general 4 tells 1 RETREAT about 0-4"
    )
    honest = Trial(EIG(n=3, m=0), {}, {0: "ATTACK", 2: "ATTACK"}).simulate()
    assert in_words(EIG(n=3, m=0), play(EIG(n=3, m=0), Plan.of(honest), most=1000)) == (
        "a run of EIG(n=3, m=0) in which nobody fails; generals 0, 2 start with ATTACK; general 1 starts with RETREAT"
    )


class ByIdentity(Protocol):
    """Compares by `is`, which is always false of terms and of what came as a letter, and true of one's own constant."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        heard = inbox.get(self.others(me)[0], default=RETREAT)
        return ATTACK if isinstance(heard, Order) and type(heard) is Order else order


def test_a_program_that_asks_for_types_decides_otherwise_than_its_terms() -> None:
    found = examine(ByIdentity(n=4), ONE, LITTLE)
    (difference,) = found.differences
    assert difference.ours
    assert "decides ATTACK in the simulator, and RETREAT in the terms" in difference.text
    assert "in a run of ByIdentity(n=4) in which " in difference.text
    assert "all loyal generals send the same" in difference.text


def stays(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    kept: Truth = outcome.decisions[witnesses[0]] == outcome.orders[witnesses[0]]
    return kept


class Lost(Protocol):
    """Everyone keeps to his order, unless he hears nobody: terms do not say so, since `is` is false of all of them."""

    problem = Problem("order", (Condition("Stays", "everyone keeps to his order", stays, 1),), has_commander=False)

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return RETREAT if all(inbox[j] is ABSENT for j in self.others(me)) else order


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["byzantine", "omission", "crash", "manifest", "symmetric"])
def test_among_the_runs_are_some_in_which_all_who_can_fail_are_silent(mode: str) -> None:
    assert "Stays" in examine(Lost(n=5), budget_of({mode: 4}), Effort()).broken


class SendsByType(ByIdentity):
    """The same, one round earlier."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(RETREAT if type(order) is Order else order)
        return inbox.get(self.others(me)[0], default=RETREAT)


def test_it_is_said_where_the_executions_part() -> None:
    (difference,) = examine(SendsByType(n=4), ONE, LITTLE).differences
    assert "they first differ in round 1, where general" in difference.text
    assert "sends RETREAT to" in difference.text


class Heard(NamedTuple):
    order: Order


class Guessed(NamedTuple):
    order: Order


class DecidesByType(ByIdentity):
    """The same, in the type of what he decides alone."""

    problem = Problem("types", (Condition("True", "always", lambda outcome, _: TRUE, 1),), has_commander=False)

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return Heard(order) if type(order) is Order else Guessed(order)


def test_the_type_of_a_decision_is_compared_too() -> None:
    (difference,) = examine(DecidesByType(n=3), ONE, LITTLE).differences
    assert "{'Heard': [" in difference.text
    assert "{'Guessed': [" in difference.text


def made(text: str) -> Any:
    class Made(NamedTuple):
        """Alike in everything but who they are."""

        order: Order

    Made.__doc__ = text
    return Made


def test_so_are_types_of_one_name_that_a_function_has_made() -> None:
    heard, guessed = made("heard"), made("guessed")

    class Decides(DecidesByType):
        def general(self, me: General, order: Order) -> Program:
            yield broadcast(order)
            return heard(order) if type(order) is Order else guessed(order)

    (difference,) = examine(Decides(n=3), ONE, LITTLE).differences
    assert difference.text.count("made.<locals>.Made ") == 2


class WritesADatabase(Protocol):
    problem = CONSENSUS
    name: str = "kept.sqlite"

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        sqlite3.connect(self.name, uri=True).close()
        return order


@pytest.mark.slow
def test_a_database_may_be_opened_to_be_read_alone(tmp_path: Path) -> None:
    file = tmp_path / "kept.sqlite"
    with pytest.raises(ProtocolError, match=r"opens the database .*kept\.sqlite, where another general could find"):
        examine(WritesADatabase(n=3, name=str(file)), {}, LITTLE)
    assert not file.exists()
    sqlite3.connect(file).close()
    for name in (f"file:{file}?mode=ro", ":memory:"):
        assert examine(WritesADatabase(n=3, name=name), {}, LITTLE).differences == []


def registry() -> type[Protocol]:
    members: list[General] = []

    class Registers(Protocol):
        problem = CONSENSUS

        def general(self, me: General, order: Order) -> Program:
            members.append(me)
            inbox = yield broadcast(order)
            return majority([inbox.get(j, default=RETREAT) for j in self.generals]) if members[0] != me else order

    return Registers


@pytest.mark.parametrize("effort", [LITTLE, BRIEFLY])
def test_what_one_general_leaves_for_another_is_missed_when_he_runs_alone(effort: Effort) -> None:
    found = examine(registry()(n=4), ONE, effort)
    alone = [one for one in found.differences if not one.ours]
    assert alone
    assert "when he runs alone on the same messages" in alone[0].text
    assert "a program may depend only on what its general is given" in alone[0].text


def fickle() -> Condition:
    asked = []

    def holds(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
        asked.append(witnesses)
        return any_of([outcome.decisions[witnesses[0]] == ATTACK]) if len(asked) == 1 else any_of([ABSENT == ABSENT])

    return Condition("Fickle", "says something else the first time", holds, witnesses=1)


@pytest.mark.parametrize("effort", [LITTLE, BRIEFLY])
def test_a_condition_that_says_something_else_when_asked_again_is_found_out(effort: Effort) -> None:
    class Asked(Protocol):
        problem = Problem("own", (fickle(),), has_commander=False)

        def general(self, me: General, order: Order) -> Program:
            yield broadcast(order)
            return RETREAT

    found = examine(Asked(n=3), {}, effort)
    assert any("the condition Fickle" in one.text and "when it is asked again" in one.text for one in found.differences)


def forgiving() -> Condition:
    asked = []

    def holds(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
        asked.append(witnesses)
        return any_of([outcome.decisions[witnesses[0]] == RETREAT, TRUE if len(asked) > 1 else FALSE])

    return Condition("Forgiving", "nobody attacks, but for all times after the first", holds, witnesses=1)


@pytest.mark.slow
def test_a_condition_that_says_something_else_of_the_first_run_only_is_asked_of_each_first() -> None:
    class Rarely(Protocol):
        problem = Problem("own", (forgiving(),), has_commander=False)

        def general(self, me: General, order: Order) -> Program:
            inbox = yield broadcast(order)
            votes = [inbox[j] for j in self.generals]
            return ite((count(votes, ATTACK) == self.n - 1) & (count(votes, ABSENT) == 1), ATTACK, RETREAT)

    singly = examine(Rarely(n=4), ONE, Effort(singly=64))
    assert any(
        "the condition Forgiving" in one.text and "when it is asked again" in one.text for one in singly.differences
    )


def test_where_a_run_is_too_long_the_largest_smaller_instance_is_played_and_not_judged() -> None:
    found = examine(OM(n=16, m=5), budget_of(5), Effort(short=300))
    assert found.smaller is not None
    assert (found.smaller["n"], found.smaller["m"]) == (7, 2)
    assert found.runs >= 1
    assert not found.broken
    assert not found.differences


def test_of_a_run_that_is_too_long_no_terms_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def executed(protocol: Protocol, *given: Any) -> Obligations:
        assert protocol.n < 16, "its terms would take as long as the check"
        return obligations(protocol, *given)

    monkeypatch.setattr(examining, "obligations", executed)
    assert examine(OM(n=16, m=5), budget_of(5), Effort(short=300)).smaller is not None


class SaysSo(Protocol):
    """Sends more the more orders are RETREAT, and decides otherwise on terms."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        for _ in range(3):
            inbox = yield broadcast(order, when=order == RETREAT)
        heard = inbox.get(self.others(me)[0], default=RETREAT)
        return heard if type(heard) is Order else order


def test_a_difference_is_not_lost_where_a_smaller_run_with_it_would_send_too_much() -> None:
    found = [
        examine(SaysSo(n=5), {Fault.CRASH: 2}, Effort(orders=most, short=0, fewest=1, most=1)) for most in (47, 80)
    ]
    assert all(one.differences for one in found)


def test_a_run_in_which_nobody_who_may_fail_does_is_drawn_again() -> None:
    found = examine(OM(n=4, m=1), {Fault.CRASH: 1}, Effort(fewest=40, singly=0))
    lapsed = [bool(record.lies) for record in found.records if record.plan.faults]
    assert lapsed.count(True) >= 0.9 * len(lapsed)  # drawn once, it is little more than half


class TooFew(Protocol):
    """Right with nobody faulty, wrong with one."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)


@pytest.mark.parametrize(("predicted", "differs"), [("ATTACK", False), ("RETREAT", True)])
def test_plans_that_the_check_predicted_are_played(predicted: str, differs: bool) -> None:
    plan = Plan({3: "byzantine"}, Behaviour({0: ATTACK}), predicted={1: predicted})
    found: Found = examine_these(TooFew(n=4), [plan], LITTLE)
    assert found.runs == 1
    assert bool(found.differences) is differs


@pytest.mark.slow
def test_milder_modes_are_predicted_too() -> None:
    class Echo(Protocol):
        problem = CONSENSUS

        def general(self, me: General, order: Order) -> Program:
            inbox = yield broadcast(order)
            votes = [inbox[j] for j in self.generals]
            inbox = yield broadcast(ite(any_of(vote == ABSENT for vote in votes), RETREAT, majority(votes)))
            return majority([inbox.get(j, default=RETREAT) for j in self.generals])

    for mode in Fault:
        found = examine(Echo(n=4), {mode: 2}, LITTLE)
        assert not found.differences, found.differences[0].text


class Silent(Protocol):
    """Everyone decides what he starts with."""

    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return order


@pytest.mark.slow
@pytest.mark.parametrize("n", [4, 20])
def test_as_many_runs_as_cover_all_generals_make_each_faulty(n: int) -> None:
    found = examine(Silent(n=n), ONE, Effort(fewest=how_many_cover(n, ONE), most=1, singly=0))
    assert {general for record in found.records for general in record.plan.modes} == set(range(n))
