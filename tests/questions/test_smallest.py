"""The smallest attack, against playing everything that traitors can do; and attacks in which every lie is needed."""

import json
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import combinations, product
from math import inf
from typing import Any

import pytest

import byzverify
from byzverify.engines.finite.condition_symmetry import implied
from byzverify.engines.finite.fewest_lies import Hunt
from byzverify.engines.finite.lies import stated_in_lies
from byzverify.engines.finite.scenarios import Case, Scenario
from byzverify.engines.finite.symmetry import Examination
from byzverify.errors import OutOfTime, Stopped
from byzverify.exporters.script import leaves
from byzverify.ir.expressions import Expression, Read, Recorder
from byzverify.ir.recording import conduct
from byzverify.language import (
    IC1,
    IC2,
    VALIDITY,
    Condition,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    all_of,
    any_of,
    broadcast,
    commander_is_loyal,
    count,
    ite,
    same,
)
from byzverify.language.faults import Fault
from byzverify.language.messages import Site
from byzverify.language.values import ABSENT, ATTACK, RETREAT, Order
from byzverify.limits import NO_LIMIT
from byzverify.models.crusader import Crusader
from byzverify.models.eig import EIG
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.readme_program import ReadmeProgram
from byzverify.questions.question import Means, Question
from byzverify.questions.search import Search
from byzverify.questions.smallest import Candidate, Minimization
from byzverify.questions.verdict import Refuted, Smallness
from byzverify.scenario.behaviour import Behaviour
from byzverify.scenario.claim import Claim
from byzverify.simulation.judging import holds_before, judge
from byzverify.simulation.post import Content
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Deviation, Strategy


def smallest(protocol: Protocol, traitors: int, steps: int | None = None) -> tuple[Refuted, Smallness]:
    verdict = byzverify.check(protocol, traitors, minimal=True, steps=steps)
    assert isinstance(verdict, Refuted)
    assert verdict.smallness is not None
    assert len(verdict.replay.run.lies) == verdict.smallness.lies
    return verdict, verdict.smallness


def smallest_in(protocol: Protocol, faults: Mapping[str, int]) -> tuple[Refuted, Smallness]:
    verdict = byzverify.check(protocol, faults, minimal=True)
    assert isinstance(verdict, Refuted)
    assert verdict.smallness is not None
    return verdict, verdict.smallness


def readings(protocol: Protocol) -> set[Site]:
    """All sites at which somebody reads."""
    recorder = Recorder(protocol.words)
    conducts = [conduct(protocol, me, recorder) for me in range(protocol.n)]
    pending = [expression for one in conducts for _, expression in leaves(one.decision, recorder)]
    pending += [
        recorder.order(dispatch.value)
        for one in conducts
        for sent in one.sent
        for dispatches in sent.values()
        for dispatch in dispatches
    ]
    seen: set[Expression] = set()
    while pending:
        expression = pending.pop()
        if expression not in seen:
            seen.add(expression)
            pending += expression.parts
    return {expression.site for expression in seen if isinstance(expression, Read)}


def fewest_by_brute_force(protocol: Protocol, traitors: Collection[int]) -> float:
    """The fewest lies in any run of these traitors in which a condition fails: every run is played."""
    sites = sorted((site for site in readings(protocol) if site[1] in traitors), key=str)
    fewest = inf
    starters = protocol.problem.starters(protocol.n)
    for orders in product(protocol.orders, repeat=len(starters)):
        for words in product([*protocol.words, ABSENT], repeat=len(sites)):
            said = dict(zip(sites, words, strict=True))
            played = run(protocol, traitors, dict(zip(starters, orders, strict=True)), Deviation(Behaviour(said=said)))
            if len(played.lies) < fewest and not all(judgement.holds for judgement in judge(played)):
                fewest = len(played.lies)
    return fewest


@pytest.mark.slow
@pytest.mark.parametrize(
    ("protocol", "traitors"),
    [(OM(n=3, m=1), 1), (OM(n=4, m=1), 2), (OM(n=3, m=0, values=3), 1), (Crusader(n=3, m=1), 1)],
    ids=str,
)
def test_no_run_at_all_breaks_a_condition_with_fewer_lies(protocol: Protocol, traitors: int) -> None:
    _, found = smallest(protocol, traitors)
    assert found.minimal
    assert found.lies == min(
        fewest_by_brute_force(protocol, chosen) for chosen in combinations(range(protocol.n), traitors)
    )
    assert found.lies < inf


@pytest.mark.parametrize(("n", "m", "t"), [(4, 1, 2), (5, 1, 2), (6, 2, 2), (7, 2, 3)])
def test_the_structure_of_terms_and_a_solver_come_to_the_same_number(n: int, m: int, t: int) -> None:
    """OM's IC2 with a loyal commander: the number from the structure, against z3 on the same question."""
    protocol = OM(n=n, m=m)
    case = Case(IC2, (1,))
    faults = dict.fromkeys(range(n - t, n), Fault.BYZANTINE)
    by_structure, by_solver = (
        Hunt(stated_in_lies(protocol, Scenario(faults, 1, (case,), False), NO_LIMIT), case) for _ in "12"
    )
    assert by_structure.by_structure(NO_LIMIT) is not None
    assert by_structure.exact
    assert not by_structure.entangled
    by_solver.entangled = True
    assert by_solver.within(by_structure.lower, "z3", NO_LIMIT) is not None
    assert by_solver.within(by_structure.lower - 1, "z3", NO_LIMIT) is None
    assert by_solver.lower == by_structure.lower


@pytest.mark.slow
@pytest.mark.parametrize(("n", "m", "lies"), [(3, 1, 1), (6, 2, 6), (9, 3, 24)])
def test_om_with_a_third_of_traitors_falls_to_so_many_lies_and_no_fewer(n: int, m: int, lies: int) -> None:
    verdict, found = smallest(OM(n=n, m=m), m)
    assert (found.lies, found.lower_bound, found.minimal, found.stopped) == (lies, lies, True, None)
    assert len(verdict.attack.traitors) == m


@pytest.mark.slow
def test_fewer_traitors_come_before_fewer_lies() -> None:
    verdict, found = smallest(OM(n=6, m=2), 5)
    assert len(verdict.attack.traitors) == 2
    assert found.minimal
    assert verdict.faults == {Fault.BYZANTINE: 5}


@pytest.mark.slow
def test_a_protocol_that_fails_by_itself_needs_neither_traitors_nor_lies() -> None:
    class Deaf(Protocol):
        def general(self, me: int, order: Order) -> Program:
            yield None
            return RETREAT

    verdict, found = smallest(Deaf(n=4), 2)
    assert verdict.attack.traitors == {}
    assert (found.lies, found.lower_bound, found.minimal) == (0, 0, True)


def test_rounds_and_receivers_that_the_lies_can_do_without_are_spared() -> None:
    verdict, _ = smallest(OM(n=6, m=2), 2)
    assert {lie.receiver for lie in verdict.replay.run.lies} == {1}


@pytest.mark.slow
def test_what_is_not_proved_within_the_limit_is_not_called_minimal_and_is_the_same_again() -> None:
    def stopped() -> tuple[Refuted, Smallness]:
        return smallest(PhaseKing(n=4, m=1), 2, steps=3_000)

    verdict, found = stopped()
    assert not found.minimal
    assert found.lower_bound < found.lies
    assert found.stopped == "the step limit was reached"
    assert verdict.replay.violated
    again, found_again = stopped()
    assert again.attack == verdict.attack
    assert found_again == found


class Contrary(Strategy):
    """Say at these sites the other order of two, and elsewhere what a loyal general would."""

    def __init__(self, sites: Collection[Site]) -> None:
        self._sites = sites

    def says(self, round: int, sender: int, receiver: int, honest: Content) -> Content:
        other: dict[str, Order] = {ATTACK.name: RETREAT, RETREAT.name: ATTACK}
        here = (round, sender, receiver)
        return {label: other[word.name] if (*here, label) in self._sites else word for label, word in honest.items()}


@pytest.mark.slow
@pytest.mark.parametrize("protocol", [OM(n=6, m=2), OM(n=9, m=3), ReadmeProgram(n=7, m=2), EIG(n=6, m=2)], ids=str)
def test_without_any_one_of_its_lies_an_attack_fails(protocol: Protocol) -> None:
    """Each lie but one is told, against whatever a loyal general would say then."""
    verdict = byzverify.check(protocol)
    assert isinstance(verdict, Refuted)
    assert verdict.shrunk
    played = verdict.replay.run
    broken = next(one for one in verdict.replay.violated if one.condition.name == verdict.attack.condition)
    assert broken.witnesses is not None
    sites = {(lie.round, lie.sender, lie.receiver, lie.label) for lie in played.lies}
    for left_out in (None, *sites):
        again = run(protocol, played.faults, played.orders, Contrary(sites - {left_out}))
        assert holds_before(again, broken.condition, broken.witnesses) == (left_out is not None)


def test_where_agreement_fails_though_the_commander_is_loyal_obedience_fails() -> None:
    """So an attack on IC1 with a loyal commander is no smaller than the smallest on IC2."""
    protocol = OM(n=6, m=2)
    loyal, traitor = (
        stated_in_lies(protocol, Scenario(faults, 1, (Case(IC1, (1, 2)),), False), NO_LIMIT).outcome
        for faults in ({4: Fault.BYZANTINE}, {0: Fault.BYZANTINE})
    )
    assert implied(protocol, Case(IC1, (1, 2)), [IC2], loyal, NO_LIMIT)
    assert not implied(protocol, Case(IC2, (1,)), [], loyal, NO_LIMIT)
    assert not implied(protocol, Case(IC1, (1, 2)), [], traitor, NO_LIMIT)


@pytest.mark.slow
def test_a_case_is_not_left_out_where_its_condition_tells_apart_those_that_it_stands_for() -> None:
    """Mutual fails for general 1 only where Obedience does, and for others already where their alarm does."""

    def obeys(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
        return same(outcome.decisions[witnesses[0]][0], outcome.orders[0])

    def mutual(outcome: Outcome, witnesses: tuple[int, ...]) -> Truth:
        one = witnesses[0]
        return obeys(outcome, witnesses) if one == 1 else same(outcome.decisions[one][1], outcome.orders[0])

    class Alarm(Protocol):
        problem = Problem(
            "alarm",
            (
                Condition("Obedience", "", obeys, 1, commander_is_loyal, needs_loyal=2),
                Condition("Mutual", "", mutual, 2, lambda alarm, loyal: 0 in loyal and len(loyal) < alarm.n, 3),
            ),
            has_commander=True,
        )

        def general(self, me: int, order: Order) -> Program:
            inbox = yield broadcast(order) if me == 0 else None
            order = inbox.get(0, default=RETREAT)
            inbox = yield [broadcast(order, label) for label in range(4)]
            others = self.others(me, 0)
            right = {g: [inbox.get(g, label, default=RETREAT) == order for label in range(4)] for g in others}
            contrary = ite(order == ATTACK, RETREAT, ATTACK)
            obeyed = ite(any_of(all_of(~word for word in right[general][:3]) for general in others), contrary, order)
            return obeyed, ite(any_of(~right[general][3] for general in others), contrary, order)

    assert Alarm(n=5).groups
    _, found = smallest(Alarm(n=5), 1)
    assert found.minimal
    assert found.lies == 1


@pytest.mark.slow
def test_generals_are_not_taken_for_alike_where_memory_ended_before_that_was_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def ends(examination: Examination) -> None:
        raise MemoryError

    class Credulous(Protocol):
        """General 3 believes the first word against the commander, the others only the third."""

        problem = Problem("obedience", (IC2,), has_commander=True)

        def general(self, me: int, order: Order) -> Program:
            inbox = yield broadcast(order) if me == 0 else None
            order = inbox.get(0, default=RETREAT)
            inbox = yield [broadcast(order, label) for label in range(3)]
            words = [inbox.get(g, label, default=RETREAT) for g in self.others(me, 0) for label in range(3)]
            contrary = ite(order == ATTACK, RETREAT, ATTACK)
            return ite(count(words, contrary) >= (1 if me == 3 else 3), contrary, order)

    monkeypatch.setattr(Examination, "_rehearse_one", lambda examination: None)
    monkeypatch.setattr(Examination, "_examine", lambda examination: None)
    monkeypatch.setattr(Examination, "conclude", ends)
    _, found = smallest(Credulous(n=5), 1)
    assert found.lies == 1


class Chatty(Protocol):
    """General 1 heeds general 0, and 2 heeds 3, who goes on to say what nobody reads."""

    problem = Problem("validity", (VALIDITY,), has_commander=False)

    def interchangeable(self) -> list[list[int]]:
        return []

    def general(self, me: int, order: Order) -> Program:
        inbox = yield broadcast(order)
        yield broadcast(order, label="more") if me == 3 else None
        missing = inbox[{1: 0, 2: 3}.get(me, me)] == ABSENT
        return ite(missing, ite(order == ATTACK, RETREAT, ATTACK), order)


@pytest.mark.slow
def test_what_is_tidied_has_no_more_lies_than_before() -> None:
    _, found = smallest_in(Chatty(n=4), {"crash": 1})
    assert (found.lies, found.lower_bound) == (1, 1)


class Heeding(Protocol):
    """Who starts with an order keeps it while two generals have heard from general 0."""

    problem = Problem("validity", (VALIDITY,), has_commander=False)

    def interchangeable(self) -> list[list[int]]:
        return []

    def general(self, me: int, order: Order) -> Program:
        inbox = yield broadcast(ATTACK) if me == 0 else None
        inbox = yield broadcast(inbox.get(0, default=RETREAT))
        heard = count([inbox.get(general, default=RETREAT) for general in self.generals], ATTACK) >= 2
        return ite(heard, order, ite(order == ATTACK, RETREAT, ATTACK))


@pytest.mark.slow
def test_a_lapse_counts_for_each_of_those_who_read_it() -> None:
    _, found = smallest_in(Heeding(n=4), {"manifest": 1})
    assert (found.lies, found.lower_bound) == (3, 3)


def test_a_better_attack_is_kept_though_no_time_is_left_to_shrink_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def takes_long(*arguments: object) -> None:
        raise OutOfTime

    monkeypatch.setattr("byzverify.questions.smallest._shrunk", takes_long)
    protocol, faults = OM(n=3, m=1), {Fault.BYZANTINE: 1}
    verdict = byzverify.check(protocol, faults)
    assert isinstance(verdict, Refuted)
    played = verdict.replay.run
    many = replace(verdict.replay, run=replace(played, lies=played.lies * 9))
    best = Candidate(verdict.attack, many, shrunk=True)
    search = Minimization(Search(Question.of(protocol, faults), Means(), lambda stated: None), Means(), best)
    before = best.lies
    *_, scenario = search._scenarios()
    *_, hunt = search._hunts_in(stated_in_lies(protocol, scenario, NO_LIMIT))
    hunt.entangled = True
    with pytest.raises(OutOfTime):
        search._try(hunt, before - 1, NO_LIMIT, "z3")
    assert search.best.lies < before
    assert not search.best.shrunk


def test_a_solver_is_not_asked_the_same_again_where_it_has_counted_all_that_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    within = Hunt.within

    def counted(hunt: Hunt, *arguments: Any, **keywords: Any) -> Claim | None:
        asked.append(hunt)
        return within(hunt, *arguments, **keywords)

    monkeypatch.setattr(Hunt, "within", counted)
    _, found = smallest_in(OM(n=4, m=1), {"symmetric": 2})
    assert not found.minimal
    assert len(asked) < 50


@pytest.mark.slow
def test_who_is_named_is_asked_in_every_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = set()
    by_solver = Hunt._by_solver

    def noted(hunt: Hunt, most: float, by: str, limit: Any, among: Any) -> Claim | None:
        asked.add(by)
        return by_solver(hunt, most, by, limit, among)

    monkeypatch.setattr(Hunt, "_by_solver", noted)
    verdict = byzverify.check(PhaseKing(n=4, m=1), 2, minimal=True, solver="cadical")
    assert isinstance(verdict, Refuted)
    assert verdict.smallness is not None
    assert verdict.smallness.minimal
    assert asked == {"cadical"}


@pytest.mark.slow
def test_the_command_line_says_what_is_known() -> None:
    def byzverify_check(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "byzverify", "check", "om", "-n", "6", "-m", "2", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    printed = byzverify_check("--minimal")
    assert printed.returncode == 1
    assert "no attack is smaller: none has fewer traitors, and of these none has fewer than 6 lies" in printed.stdout
    found = json.loads(byzverify_check("--minimal", "--json").stdout)
    assert [found[key] for key in ("lies", "minimal", "lower_bound", "fewest_traitors")] == [6, True, 6, True]
    found = json.loads(byzverify_check("--json").stdout)
    assert [found[key] for key in ("minimal", "lower_bound", "fewest_traitors")] == [None, None, None]
    assert found["shrunk"]
    assert found["lies"] >= 6


@pytest.mark.slow
def test_a_solver_that_gives_up_leaves_the_search_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    by_solver = Hunt._by_solver

    def gives_up(hunt: Hunt, most: float, by: str, limit: Any, among: Any) -> Claim | None:
        if by == "cadical":
            raise Stopped("cadical gave up")
        return by_solver(hunt, most, by, limit, among)

    monkeypatch.setattr(Hunt, "_by_solver", gives_up)
    _, found = smallest(PhaseKing(n=3, m=1), 1)
    assert found.minimal
    assert found.stopped is None
