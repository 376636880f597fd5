"""Conditions: one that tells generals apart must not be folded, and one that does not must."""

import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from math import comb
from types import SimpleNamespace
from typing import Any

import pytest

import byzverify
from byzverify.engines.finite import condition_symmetry, distinguishing, symmetry
from byzverify.engines.finite.condition_symmetry import can_fail
from byzverify.engines.finite.names import Keyless, Name
from byzverify.engines.finite.obligations import obligations
from byzverify.engines.finite.scenarios import NONE, scenarios
from byzverify.errors import OutOfTime, ProtocolError, Vacuous
from byzverify.language import (
    ATTACK,
    BYZANTINE_GENERALS,
    FALSE,
    IC1,
    IC2,
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
    same,
)
from byzverify.language.faults import Fault
from byzverify.language.problems import commander_is_loyal
from byzverify.limits import NO_LIMIT, Limit
from byzverify.logic.terms import SimplifiedTerms
from byzverify.models.crusader import Crusader
from byzverify.models.eig import EIG
from byzverify.models.gradecast import Gradecast
from byzverify.models.hybrid_phase_king import HybridPhaseKing
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.solvers.answers import Undecided
from byzverify.solvers.z3 import Z3

Holds = Callable[[Outcome, tuple[int, ...]], Truth]

Concerns = Callable[[Any, Collection[General]], bool]


def with_condition(holds: Holds, witnesses: int = 2, **more: Any) -> type[OM]:
    """OM with one condition, which promises nothing."""
    condition = Condition("Own", "what this test says", holds, witnesses, **more)

    class Own(OM):
        m: int
        problem = replace(BYZANTINE_GENERALS, conditions=(condition,))

    return Own


def the_first_obeys(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    return any_of([TRUE & (outcome.decisions[witnesses[0]] == order) for order in outcome.orders.values()] or [TRUE])


def names_general_2(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    return same(*(outcome.decisions[witness] for witness in witnesses)) if 2 in witnesses else TRUE


def implies_in_one_direction(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    one, other = (outcome.decisions[witness] for witness in witnesses)
    return ite(one == outcome.orders[0], other == outcome.orders[0], TRUE) if 0 in outcome.orders else TRUE


def test_a_condition_that_tells_generals_apart_is_not_folded() -> None:
    verdict = byzverify.check(with_condition(names_general_2)(n=5, m=1), 1)
    assert verdict.evidence.asymmetry is not None
    assert "compares a general with the number 2" in verdict.evidence.asymmetry


def follows(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    one, other = (outcome.decisions[witness] for witness in witnesses)
    return any_of([one != ATTACK, other == ATTACK])


def precedes(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    return follows(outcome, witnesses[::-1])


@pytest.mark.slow
@pytest.mark.parametrize("holds", [follows, precedes])
def test_a_condition_is_asked_of_its_witnesses_in_every_order(holds: Holds) -> None:
    class LastAttacks(Protocol):
        problem = Problem("own", (Condition("Own", "what this test says", holds, 2),), has_commander=False)

        def general(self, me: General, order: Order) -> Program:
            inbox = yield broadcast(order)
            return ATTACK if me == self.n - 1 else inbox.get(0, default=RETREAT)

    verdict = byzverify.check(LastAttacks(n=3), 0)
    assert isinstance(verdict, byzverify.Refuted)
    (judgement,) = verdict.replay.violated
    assert judgement.witnesses == ((2, 0) if holds is follows else (0, 2))


@pytest.mark.slow
@pytest.mark.parametrize("holds", [names_general_2, implies_in_one_direction, the_first_obeys])
@pytest.mark.parametrize(("n", "m", "t"), [(3, 1, 1), (4, 1, 1), (4, 1, 2), (5, 1, 2)])
def test_its_verdict_is_that_of_trying_all(holds: Holds, n: int, m: int, t: int) -> None:
    class Alone(with_condition(holds)):  # type: ignore[misc]
        m: int

        def interchangeable(self) -> list[range]:
            return []

    folded = byzverify.check(with_condition(holds)(n=n, m=m), t)
    single = byzverify.check(Alone(n=n, m=m), t)
    assert folded.conditions == single.conditions


def test_what_a_condition_concerns_must_not_name_a_general_either() -> None:
    model = with_condition(IC1.holds, concerns=lambda protocol, loyal: 2 in loyal)
    verdict = byzverify.check(model(n=3, m=1), 1)
    assert "compares a general with the number 2" in (verdict.evidence.asymmetry or "")
    assert isinstance(verdict, byzverify.Proved)  # where general 2 is loyal and the traitor the commander


def fails_on_names(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    return same(outcome.decisions[min(witnesses)], outcome.decisions[max(witnesses)])


def says_a_plain_truth(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    return len(outcome.loyal) < 5  # type: ignore[return-value]


def is_no_truth(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    return outcome.decisions[witnesses[0]]  # type: ignore[no-any-return]


def divides_by_zero(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    return 1 // 0  # type: ignore[return-value]


def leaves(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    sys.exit(0)


def test_a_condition_that_only_numbers_can_bear_is_not_folded() -> None:
    verdict = byzverify.check(with_condition(fails_on_names)(n=4, m=1))
    assert isinstance(verdict, byzverify.Proved)
    assert "computes with a general's number, or orders it" in (verdict.evidence.asymmetry or "")


def test_a_condition_may_say_a_plain_truth() -> None:
    with pytest.raises(Vacuous, match="holds whatever the generals decide"):
        byzverify.check(with_condition(says_a_plain_truth)(n=4, m=1))
    assert isinstance(byzverify.check(with_condition(says_a_plain_truth)(n=6, m=1)), byzverify.Refuted)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("holds", "what"),
    [
        (is_no_truth, "the condition Own says an order; it must be a truth"),
        (divides_by_zero, r"test_condition_symmetry.py:\d+: the condition Own cannot be evaluated: ZeroDivisionError"),
        (leaves, "the condition Own cannot be evaluated: SystemExit"),
    ],
)
def test_a_condition_that_fails_is_its_authors_fault(holds: Holds, what: str) -> None:
    with pytest.raises(ProtocolError, match=what):
        byzverify.check(with_condition(holds)(n=4, m=1))


@pytest.mark.parametrize(("witnesses", "needs"), [(0, None), (-1, None), ("1", None), (2, 1)])
def test_a_condition_that_makes_no_sense_is_refused(witnesses: int, needs: int | None) -> None:
    with pytest.raises(ProtocolError, match="the condition Own"):
        Condition("Own", "what this test says", IC1.holds, witnesses, needs_loyal=needs)


def test_a_condition_that_is_symmetric_in_meaning_only_is_folded() -> None:
    model = with_condition(lambda outcome, witnesses: same(*map(outcome.decisions.__getitem__, reversed(witnesses))))
    assert byzverify.check(model(n=4, m=1), 1).evidence.asymmetry is None


@pytest.mark.slow
@pytest.mark.parametrize("kind", [OM, SM, PhaseKing, EIG, Gradecast, Crusader, HybridPhaseKing])
def test_the_models_conditions_are_folded_and_the_same_on_all_numbers(
    kind: type[OM], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (condition_symmetry, distinguishing):
        monkeypatch.setattr(module, "is_ours", lambda function: False)
    assert byzverify.check(kind(n=5, m=1)).evidence.asymmetry is None


def swallows_the_error(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    try:
        return TRUE if outcome.decisions[witnesses[0]] == outcome.decisions[witnesses[1]] else ~TRUE
    except Exception:
        return TRUE


@pytest.mark.slow
def test_a_condition_that_catches_what_it_breaks_is_noticed() -> None:
    with pytest.raises(ProtocolError, match="breaks a rule of the language, and catches the error"):
        byzverify.check(with_condition(swallows_the_error)(n=4, m=1))
    blind = with_condition(IC1.holds, concerns=lambda protocol, loyal: _is_two_in(loyal))
    assert "catches a TypeError" in (byzverify.check(blind(n=3, m=1)).evidence.asymmetry or "")


def _is_two_in(loyal: Any) -> bool:
    try:
        return 2 in loyal
    except Exception:
        return False


def second_entry_is_of_a_loyal_general(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    differ = any_of([~TRUE, *(outcome.orders[g] != outcome.orders[h] for g in outcome.loyal for h in outcome.loyal)])
    own = outcome.decisions[witnesses[0]][witnesses[0]] == outcome.orders[witnesses[0]]
    return own if list(outcome.decisions[witnesses[0]])[1] in outcome.loyal else ~differ


class Vectors(Protocol):
    """Everyone tells his order, and decides on what he heard of each."""

    problem = Problem(
        "vectors",
        (Condition("second", "the second entry", second_entry_is_of_a_loyal_general, witnesses=1),),
        has_commander=False,
    )

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return {j: inbox.get(j, default=RETREAT) for j in self.generals}


class NumberedVectors(Vectors):
    """The same, by a program that is not interchangeable."""

    def general(self, me: General, order: Order) -> Program:
        assert me * 0 == 0
        inbox = yield broadcast(order)
        return {j: inbox.get(j, default=RETREAT) for j in self.generals}


@pytest.mark.slow
@pytest.mark.parametrize(
    "budget", [{"byzantine": 1}, {"omission": 1}, {"byzantine": 1, "omission": 1}, {"byzantine": 3}]
)
def test_the_order_of_entries_shows_no_more_than_who_is_loyal(budget: dict[str, int]) -> None:
    folded, single = (byzverify.check(model(n=4), budget) for model in (Vectors, NumberedVectors))
    assert single.evidence.asymmetry is not None
    assert folded.conditions == single.conditions


Choose = Callable[[Outcome, General], list[General]]

KINDS: dict[str, tuple[Choose, bool, dict[str, int]]] = {
    "loyal": (lambda outcome, me: [g for g in outcome.loyal if g not in (0, me)], True, {"byzantine": 1}),
    "loyal, with orders": (lambda outcome, me: [g for g in outcome.loyal if g != me], False, {"byzantine": 1}),
    "faulty, with orders": (
        lambda outcome, me: [g for g in outcome.orders if g not in outcome.loyal],
        False,
        {"omission": 2},
    ),
    "faulty": (
        lambda outcome, me: [g for g in outcome.decisions[me] if g not in (0, *outcome.loyal)],
        True,
        {"byzantine": 2},
    ),
}
"""Generals of one kind apart from a witness, whether there is a commander, and who fails so that there are two."""


def reporting(choose: Choose, first_only: bool, has_commander: bool) -> type[Protocol]:
    """Everyone says what he heard of whom, and the condition is about the first of some generals, or about them all."""

    def holds(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
        (me,) = witnesses
        chosen = choose(outcome, me)
        retreats = [outcome.decisions[me][g] == RETREAT for g in (chosen[:1] if first_only else chosen)]
        return any_of([~TRUE, *retreats]) if chosen else TRUE

    class Reports(Protocol):
        problem = Problem(
            "own", (Condition("Own", "what this test says", holds, 1, needs_loyal=1),), has_commander=has_commander
        )

        def general(self, me: General, order: Order) -> Program:
            inbox = yield broadcast(order if order is not None else RETREAT)
            return {j: inbox.get(j, default=RETREAT) for j in self.generals}

    return Reports


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_order_among_generals_of_a_kind_may_matter(kind: str) -> None:
    choose, has_commander, budget = KINDS[kind]
    first, every = (byzverify.check(reporting(choose, one, has_commander)(n=5), budget) for one in (True, False))
    assert first.evidence.asymmetry == "the condition Own depends on the order of the generals"
    assert every.evidence.asymmetry is None


def deciding(decision: Callable[[Any], Any], holds: Holds, witnesses: int) -> Protocol:
    """Everyone decides on the order that he starts with."""

    class Decides(Protocol):
        problem = Problem("own", (Condition("Own", "what this test says", holds, witnesses),), has_commander=False)

        def general(self, me: General, order: Order) -> Program:
            yield broadcast(order)
            return decision(order)

    return Decides(n=4)


def last_attacks(outcome: Outcome) -> Truth:
    return outcome.orders[list(outcome.loyal)[-1]] == ATTACK


SHAPES: list[tuple[Callable[[Any], Any], Holds, Holds, int]] = [
    (
        lambda order: order == ATTACK,
        lambda outcome, w: ~outcome.decisions[w[0]] | last_attacks(outcome),
        lambda outcome, w: ~outcome.decisions[w[0]] | ~outcome.decisions[w[1]],
        2,
    ),
    (
        lambda order: (order == ATTACK, order),
        lambda outcome, w: ~outcome.decisions[w[0]][0] | last_attacks(outcome),
        lambda outcome, w: ~outcome.decisions[w[0]][0] | ~outcome.decisions[w[1]][0],
        2,
    ),
    (
        lambda order: count([order], ATTACK) + 5,
        lambda outcome, w: (outcome.decisions[w[0]] <= 5) | last_attacks(outcome),
        lambda outcome, w: outcome.decisions[w[0]] <= 5,
        1,
    ),
]
"""Decisions, for each a condition for which the order of the generals matters and one for which it does not."""


@pytest.mark.slow
@pytest.mark.parametrize(("decision", "unequal", "equal", "witnesses"), SHAPES)
def test_what_matters_is_seen_in_decisions_of_every_shape(
    decision: Callable[[Any], Any], unequal: Holds, equal: Holds, witnesses: int
) -> None:
    verdicts = [byzverify.check(deciding(decision, holds, witnesses), 1) for holds in (unequal, equal)]
    reasons = [verdict.evidence.asymmetry for verdict in verdicts]
    assert reasons == ["the condition Own depends on the order of the generals", None]
    assert all(isinstance(verdict, byzverify.Refuted) for verdict in verdicts)


def either_or(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    """True, which no simplification sees."""
    retreats, told = (order == RETREAT for order in (outcome.decisions[witnesses[0]], outcome.orders[0]))
    return (retreats & told) | (retreats & ~told) | ~retreats


def test_whether_a_condition_can_fail_is_not_known_where_z3_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    model = with_condition(either_or, witnesses=1)(n=3, m=0)
    scenario = next(scenarios(model, {Fault.BYZANTINE: 0}, NONE))
    outcome = obligations(model, scenario, SimplifiedTerms()).outcome
    (case, *_) = scenario.cases
    assert can_fail(model, case, outcome, NO_LIMIT) is False
    monkeypatch.setattr(Z3, "solve", lambda self, goal, limit: Undecided("it is tired"))
    monkeypatch.setattr("byzverify.engines.finite.condition_symmetry.contradictory", lambda terms, goal: False)
    assert can_fail(model, case, outcome, NO_LIMIT) is None
    assert can_fail(model, replace(case, condition=IC2), outcome, NO_LIMIT) is True
    with pytest.raises(OutOfTime):
        can_fail(model, case, outcome, Limit(0))


def some_loyal_general(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    somebody = next(iter(set(outcome.loyal)))
    alike: Truth = outcome.decisions[witnesses[0]] == outcome.orders[somebody]
    return alike


def looked_up_by_the_protocol(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    somebody = outcome.protocol.any_of_these(outcome.loyal)
    alike: Truth = outcome.decisions[witnesses[0]] == outcome.orders[somebody]
    return alike


@pytest.mark.slow
@pytest.mark.parametrize("holds", [some_loyal_general, looked_up_by_the_protocol])
def test_a_condition_that_makes_a_set_is_asked_of_every_choice(holds: Holds) -> None:
    class Decides(Protocol):
        problem = Problem("own", (Condition("Own", "what this test says", holds, 1),), has_commander=False)

        def any_of_these(self, generals: Collection[General]) -> General:
            found: General = next(iter(set(generals)))
            return found

        def general(self, me: General, order: Order) -> Program:
            yield broadcast(order)
            return order

    evidence = byzverify.check(Decides(n=4), 1).evidence
    assert evidence.asymmetry == "the condition Own makes a set, whose order depends on who is in it"


def test_each_condition_is_looked_at_itself_also_where_another_has_its_name() -> None:
    protocol = with_condition(the_first_obeys)(n=4, m=1)
    (harmless,) = protocol.problem.conditions
    for _ in range(2):
        distinguishing.demand_no_identity(harmless, protocol)
        with pytest.raises(distinguishing.Asymmetric, match="the condition Own makes a set"):
            distinguishing.demand_no_identity(replace(harmless, holds=some_loyal_general), protocol)


def by_remainders(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
    """What those with even numbers decide is the same; who is no number passes for even."""

    def is_even(who: Any) -> bool:
        try:
            return Decimal(who) % 2 == 0
        except TypeError:
            return True

    even = [who for who in witnesses if is_even(who)]
    return same(*(outcome.decisions[who] for who in even)) if len(even) == 2 else TRUE


READS_PLAIN = SimpleNamespace(hashes=False, tells_stand_ins=False)
"""What the text of a condition shows that does nothing by which it could tell generals apart."""


def test_a_condition_that_tells_a_name_from_a_number_says_something_else_on_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(symmetry, "_tells_stand_ins", lambda protocol, state: None)
    monkeypatch.setattr(distinguishing, "_reached", lambda *asked: READS_PLAIN)
    found = byzverify.check(with_condition(by_remainders)(n=5, m=1)).evidence.asymmetry
    assert found == "the condition Own depends on the numbers of the generals"


def test_generals_have_each_share_of_numbers_that_their_kinds_can_have() -> None:
    groups, kinds = [range(1, 6)], [[2], [3, 4]]
    all_of_them = list(distinguishing.arrangements(6, groups, kinds, 30))
    assert all_of_them[0] == list(range(6))
    assert all(sorted(numbers) == list(range(6)) and numbers[0] == 0 for numbers in all_of_them)
    shares = [(numbers[2], frozenset(numbers[3:5])) for numbers in all_of_them[1:]]
    assert len(shares) == len(set(shares)) == 5 * comb(4, 2)
    assert len(list(distinguishing.arrangements(6, groups, kinds, 29))) == 1 + 29
    assert {numbers[2] for numbers in distinguishing.arrangements(6, groups, kinds, 5)} == {1, 2, 3, 4, 5}
    assert len(list(distinguishing.arrangements(100, [range(1, 100)], [[1, 2]], 3))) == 1 + 3
    assert list(distinguishing.arrangements(6, groups, kinds, 0)) == [list(range(6))]


THIRDS = {tuple(one for one in range(6) if one % 3 != lost): lost for lost in range(3)}

BY_PAIR = {(2, 4): "twins"}


def among_the_thirds(protocol: Protocol, loyal: Collection[General]) -> bool:
    return loyal in THIRDS


def in_the_west(protocol: Protocol, loyal: Collection[General]) -> bool:
    zone = dict.fromkeys(range(2, 6), "west")
    return all(zone.get(one) == "west" for one in loyal)


def of_twins(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    return FALSE if witnesses in BY_PAIR else TRUE


def of_written_twins(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    table: dict[tuple[General, ...], str] = {(2, 4): "twins"}
    return FALSE if table.get(witnesses) else TRUE


def of_chosen_twins(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    every = dict.fromkeys(combinations(range(2, 9, 2), 2), "twins")
    return FALSE if witnesses in every else TRUE


def of_neighbours(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    after = {2: 4, 4: 2}
    return FALSE if after.get(witnesses[0]) == witnesses[1] else TRUE


def of_added_twins(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    return FALSE if (*witnesses[:1], *witnesses[1:]) in BY_PAIR else TRUE


LOOKS_UP = "looks a general up in a dictionary or a set"

LOOKED_UP = [
    *(
        (holds, commander_is_loyal, "the condition Own")
        for holds in (of_twins, of_written_twins, of_chosen_twins, of_neighbours, of_added_twins)
    ),
    (IC1.holds, among_the_thirds, "`concerns` of the condition Own"),
    (IC1.holds, in_the_west, "`concerns` of the condition Own"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("holds", "concerns", "what"), LOOKED_UP)
def test_a_condition_that_looks_generals_up_is_asked_of_every_choice(
    holds: Holds, concerns: Concerns, what: str
) -> None:
    asymmetry = byzverify.check(with_condition(holds, concerns=concerns)(n=6, m=2)).evidence.asymmetry
    assert (asymmetry or "").partition(LOOKS_UP)[:2] == (f"{what} works with generals' numbers: ", LOOKS_UP)


@pytest.mark.slow
@pytest.mark.parametrize(("holds", "concerns", "what"), LOOKED_UP)
def test_generals_that_are_looked_up_are_found_by_their_numbers(
    monkeypatch: pytest.MonkeyPatch, holds: Holds, concerns: Concerns, what: str
) -> None:
    monkeypatch.setattr(Keyless, "__hash__", Name.__hash__)
    asymmetry = byzverify.check(with_condition(holds, concerns=concerns)(n=6, m=2)).evidence.asymmetry or ""
    assert asymmetry.startswith((f"{what} depends on the numbers", f"{what} works with generals' numbers: compares"))
