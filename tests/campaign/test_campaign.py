"""Campaigns: wrong generals are caught and what breaks them is made small, right ones fall where the model does."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as xml

import pytest
from rich.console import Console

from byzverify.attacks.loading import load, load_for_programs
from byzverify.campaign.arena import Arena, attack_on
from byzverify.campaign.campaign import ASKED, SHRINKING, Campaign, _UnderWay, run_campaign
from byzverify.campaign.mutants import mutants
from byzverify.campaign.proposals import Planned, Sources, key
from byzverify.campaign.reducing import shrunk
from byzverify.catalogue import configurations, library
from byzverify.errors import AttackFileError, Interrupted, NodeError, OutOfTime, Stopped, UsageError
from byzverify.language.faults import budget_of
from byzverify.limits import NO_LIMIT
from byzverify.models.om import OM
from byzverify.models.sm import SM
from byzverify.nodes.team import Routine, Team
from byzverify.questions.simulating import face
from byzverify.questions.verdict import Proved, Refuted
from byzverify.rendering.json import campaign_as_json
from byzverify.rendering.programs.campaign import print_campaign
from byzverify.rendering.programs.junit import as_junit, fault_as_junit
from byzverify.simulation.trial import Trial
from tests.campaign.generals import (
    credulous,
    flat_tally,
    fragile,
    gullible,
    misquoting,
    oral_messages,
    relayed,
    signed,
    surprised,
)


@cache
def campaign(routine: Routine, n: int, m: int, attacks: int = 30) -> Campaign:
    return run_campaign(OM(n=n, m=m), Team(routine), attacks=attacks, keep_going=True)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "m"), [(4, 1), (7, 2)])
def test_om_survives_where_the_model_is_proved_and_decides_as_the_model_does(n: int, m: int) -> None:
    ended = campaign(oral_messages, n, m)
    assert isinstance(ended.verdict, Proved)
    assert ended.exit_code == 0
    assert ended.attack is None
    assert all(played.as_model and not played.failed for played in ended.played)
    kinds = ["nobody fails", "weaker variants", "steered votes", "stray orders", "scripted", "random"]
    found = {played.planned.kind for played in ended.played}
    assert found | {"mutants"} == {*kinds, "mutants"}
    assert "mutants" in found or n == 4  # among four, attacks on mutants may be those on variants


@pytest.mark.slow
def test_om_falls_at_6_generals_as_the_model_does_by_the_model_s_smallest_attack() -> None:
    ended = campaign(oral_messages, 6, 2, attacks=5)
    assert isinstance(ended.verdict, Refuted)
    assert ended.exit_code == 1
    own = [played for played in ended.played if played.planned.kind == "the model's own"]
    assert [played.failed for played in own] == [["IC1", "IC2"]]
    assert ended.broken is not None
    assert ended.verdict.smallness is not None
    assert ended.broken.lies == ended.verdict.smallness.lies
    assert all(played.as_model for played in ended.played)


def printed(ended: Campaign) -> list[str]:
    console = Console(file=StringIO(), width=200)
    print_campaign(console, ended)
    return cast(StringIO, console.file).getvalue().splitlines()


@pytest.mark.slow
def test_programs_that_decide_right_on_what_others_sent_wrong_are_told_from_those_that_decide_wrong() -> None:
    wrong_letters = printed(campaign(misquoting, 4, 1, attacks=3))
    both = (
        "some trials are in both columns: every program decided as the model would on the letters it received, but "
        "some sent wrong letters"
    )
    assert both in wrong_letters
    told = (
        "on the letters it received, every program decides as the model does; but some send letters that the model "
        "would not"
    )
    assert wrong_letters[wrong_letters.index(told) + 1].startswith("first difference: in round 2 general ")
    wrong_decisions = printed(campaign(credulous, 4, 1))
    assert both not in wrong_decisions
    assert any(line.startswith("on the letters that general ") for line in wrong_decisions)
    proved = "the model itself is proved to withstand every such attack; what follows is how the programs fare"
    assert proved in wrong_letters
    assert proved in wrong_decisions


def test_of_programs_that_do_what_a_model_does_that_falls_nobody_says_that_they_send_anything_wrong() -> None:
    lines = printed(campaign(oral_messages, 6, 2, attacks=5))
    assert "all send and decide what the model does on the same letters" in lines
    assert not any(line.startswith("some trials are in both columns") for line in lines)


def test_an_attack_on_a_mutant_is_named_by_the_line_of_the_model_s_file() -> None:
    said: list[str] = []
    sources = Sources(OM(n=7, m=2), budget_of(2), 0, NO_LIMIT, said.append)
    planned = next(sources.of_mutants())
    assert planned.title in {f"{mutant.place}: {mutant.change}" for mutant in mutants(OM)}
    assert said[-1] == f"looking for an attack on {planned.title}"


def test_what_was_played_is_counted_in_a_sentence() -> None:
    said: list[str] = []
    run_campaign(OM(n=4, m=1), Team(misquoting), attacks=1, progress=said.append)
    assert [line for line in said if "played" in line][:2] == [
        "1 trial played; none broke the programs",
        "2 trials played; 1 of them broke the programs",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("routine", "n", "m", "traitors", "lies"),
    [(flat_tally, 7, 2, 1, 3), (credulous, 4, 1, 1, 1), (fragile, 4, 1, 1, 1)],
)
def test_wrong_generals_are_caught_and_what_breaks_them_is_made_small(
    routine: Routine, n: int, m: int, traitors: int, lies: int
) -> None:
    ended = campaign(routine, n, m)
    assert ended.exit_code == 1
    assert ended.broken is not None
    assert ended.shrunk
    assert (len(ended.broken.planned.trial.faults), ended.broken.lies) == (traitors, lies)


@pytest.mark.slow
def test_without_any_lie_of_it_what_was_made_small_breaks_nothing() -> None:
    broken = campaign(flat_tally, 7, 2).broken
    assert broken is not None
    trial = broken.planned.trial
    for site in trial.said:
        said = {other: order for other, order in trial.said.items() if other != site}
        ended = type(trial)(trial.protocol, trial.faults, trial.orders, said)
        assert ended.simulate().lies != trial.simulate().lies
        assert not _breaks(ended)


def _breaks(trial: Trial) -> bool:
    with Arena(Team(flat_tally), 10, NO_LIMIT) as arena:
        return bool(arena.play(Planned("", "", trial)).failed)


def test_the_attack_is_saved_for_the_programs_and_does_the_same_again(tmp_path: Path) -> None:
    attack = campaign(flat_tally, 7, 2).attack
    assert attack is not None
    file = tmp_path / "broken.json"
    attack.save(file)
    assert json.loads(file.read_text())["programs"] == "flat_tally"
    with pytest.raises(AttackFileError, match=r"an attack on programs \(flat_tally\), not on the model"):
        load(file)
    _, replay = face(load_for_programs(file), Team(flat_tally))
    assert [judgement.condition.name for judgement in replay.violated] == [attack.condition]
    _, replay = face(load_for_programs(file), Team())  # by the model's own program, which withstands it
    assert replay.violated == []


def test_generals_who_fail_though_nobody_attacks_them_are_their_author_s_fault() -> None:
    def broken(me: int) -> Any:
        raise OSError("there is nothing here")
        yield {}

    with pytest.raises(NodeError, match=r"general 0 \(broken\), round 1: .*OSError: there is nothing here"):
        campaign(broken, 4, 1)


@pytest.mark.slow
def test_generals_who_break_a_condition_though_nobody_fails_are_broken_without_traitors() -> None:
    def contrary(me: int, order: str) -> Any:
        yield {}
        return "ATTACK" if me % 2 else "RETREAT"

    ended = campaign(contrary, 4, 1)
    assert ended.broken is not None
    assert dict(ended.broken.planned.trial.faults) == {}
    assert ended.broken.lies == 0


def test_a_fault_under_attack_is_found_like_a_violation(tmp_path: Path) -> None:
    ended = campaign(fragile, 4, 1)
    assert ended.broken is not None
    assert isinstance(ended.broken.outcome, NodeError)
    assert ended.attack is not None
    assert ended.attack.condition == "Termination"
    ended.attack.save(tmp_path / "broken.json")
    with pytest.raises(NodeError, match="KeyError"):
        face(load_for_programs(tmp_path / "broken.json"), Team(fragile))


@pytest.mark.slow
@pytest.mark.parametrize("routine", [gullible, surprised])
def test_who_listens_to_what_nobody_should_say_there_is_found_by_stray_orders(routine: Routine) -> None:
    ended = campaign(routine, 4, 1)
    assert "stray orders" in {played.planned.kind for played in ended.played if played.failed}
    assert ended.broken is not None
    assert ended.broken.lies <= 2


@pytest.mark.slow
def test_generals_in_this_process_sign_and_cannot_be_deceived_by_labels_that_look_signed() -> None:
    ended = run_campaign(SM(n=4, m=1), Team(signed), attacks=60)
    assert ended.exit_code == 0
    assert all(played.as_model for played in ended.played)


@pytest.mark.slow
def test_what_is_left_of_a_symmetric_traitor_s_lies_is_needed() -> None:
    def watchful(me: int, order: str | None, n: int, m: int) -> Any:
        """Retreats if general 6, in round 3, speaks of two others and retreats."""
        if me == 0:
            yield {(j, (0,)): order for j in range(1, n)}
            return order
        told = yield from relayed(me, n, m)
        doubts = [path for path, said in told.items() if len(path) == 3 and path[2] == 6 and said == "RETREAT"]
        return "RETREAT" if len(doubts) >= 2 else told[0,]

    said = {(3, 6, -1, (0, k, 6)): "RETREAT" for k in range(1, 6)}
    trial = Trial(OM(n=7, m=2), {6: "symmetric"}, {0: "ATTACK"}, said)
    with Arena(Team(watchful), 10, NO_LIMIT) as arena:
        *_, smallest = shrunk(arena, arena.play(Planned("", "", trial)), SHRINKING)
        about = {site[3] for site in smallest.planned.trial.said}
        assert len(about) == 2
        for label in about:
            told = {site: order for site, order in smallest.planned.trial.said.items() if site[3] != label}
            assert not arena.play(Planned("", "", Trial(trial.protocol, trial.faults, trial.orders, told))).failed


@pytest.mark.slow
def test_an_attack_that_makes_a_program_fail_makes_it_fail_again(tmp_path: Path) -> None:
    def moody(me: int, order: str | None, n: int) -> Any:
        """Sends otherwise than the model does, and falls over what comes of it."""
        inbox = yield {(j, (0,)): order for j in range(1, n)} if me == 0 else {}
        if me == 0:
            return order
        said = "RETREAT" if me == 1 else inbox.get((0, (0,)), "RETREAT")
        inbox = yield {(j, (0, me)): said for j in range(1, n) if j != me}
        if inbox.get((3, (0, 3))) == "RETREAT" and said == "ATTACK":
            raise ValueError("he of all people")
        return said

    ended = campaign(moody, 4, 1)
    faults = [played for played in ended.played if isinstance(played.outcome, NodeError)]
    for played in faults:
        attack_on(played, ended.team).save(tmp_path / "broken.json")
        with pytest.raises(NodeError, match="he of all people"):
            face(load_for_programs(tmp_path / "broken.json"), ended.team)
    assert faults


@pytest.mark.slow
def test_a_mixed_team_falls_by_its_wrong_member_alone() -> None:
    ended = run_campaign(OM(n=4, m=1), Team(oral_messages, {2: credulous}), attacks=40)
    assert ended.broken is not None
    assert ended.broken.planned.trial.faults.keys() == {0}
    assert all(2 not in played.planned.trial.faults for played in ended.played if played.failed)


SMALLEST = {one.model: one for one in reversed(configurations.manifest()) if sum(one.budget().values())}
"""Of each model the first entry in the manifest in which somebody may fail."""

QUICK = ("om", "sm", "omh", "crusader")


@pytest.mark.parametrize(
    "model",
    [pytest.param(name, marks=[] if name in ("om", "crusader") else pytest.mark.slow) for name in SMALLEST],
)
def test_every_model_has_trials_and_withstands_them_where_it_is_proved(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("byzverify.campaign.proposals.SMALLEST", 3000)
    smallest = SMALLEST[model]
    ended = run_campaign(smallest.build(), Team(), smallest.budget(), attacks=6)
    assert len(ended.played) > 6
    assert all(played.as_model for played in ended.played)
    assert ended.exit_code == (0 if smallest.verdict == "proved" else 1)


@pytest.mark.slow
def test_trials_are_different() -> None:
    found = Sources(OM(n=4, m=1), budget_of(1), 0, NO_LIMIT, lambda line: None).trials()
    assert len({key(next(found).trial) for _ in range(40)}) == 40


@pytest.mark.slow
def test_trials_end_where_there_are_no_more() -> None:
    found = Sources(OM(n=2, m=0), budget_of(1), 0, NO_LIMIT, lambda line: None).trials()
    said = [trial.said.items() for trial in (planned.trial for planned in found)]
    at_the_only_site = {order.name for lies in said for site, order in lies if site == (1, 0, 1, (0,))}
    assert at_the_only_site == {"ATTACK", "RETREAT", "ABSENT"}


def test_chance_draws_the_same_for_the_same_seed() -> None:
    def keys(seed: int) -> list[object]:
        found = Sources(OM(n=4, m=1), budget_of(1), seed, NO_LIMIT, lambda line: None).chance()
        return [key(next(found).trial) for _ in range(20)]

    assert keys(0) == keys(0)
    assert keys(0) != keys(1)


@pytest.mark.slow
def test_nobody_fails_who_may_not(tmp_path: Path) -> None:
    budget = budget_of({"byzantine": 1, "manifest": 1})
    sources = Sources(library.configured("omh", n=6, m=1), budget, 0, NO_LIMIT, lambda line: None)
    found = sources.trials()
    for _ in range(40):
        modes = sorted(str(mode) for mode in next(found).trial.faults.values())
        assert modes in (["byzantine", "manifest"], ["byzantine"], ["manifest"])


REGISTRY = """
known = set()

def register(kind):
    if kind.__name__ in known:
        raise ValueError(f"{kind.__name__} is registered twice")
    known.add(kind.__name__)
    return kind
"""

REGISTERED = """
from byzverify.models.om import OM
from registry import register

@register
class Mine(OM):
    def general(self, me, order):
        if len(self.generals) > 3:
            return (yield from super().general(me, order))
"""


@pytest.mark.slow
def test_mutants_that_cannot_be_executed_are_told(tmp_path: Path) -> None:
    (tmp_path / "registry.py").write_text(REGISTRY)
    (tmp_path / "mine.py").write_text(REGISTERED)
    ended = run_campaign(library.configured(str(tmp_path / "mine.py"), n=4, m=1), Team(oral_messages))
    assert "mutants" not in {played.planned.kind for played in ended.played}
    assert [one.rpartition(": ")[2] for one in ended.left_out] == ["Mine is registered twice"] * 2
    printed = StringIO()
    print_campaign(Console(file=printed, width=200), ended)
    first = "general, line 1: len(self.generals) > 3 -> len(self.generals) > 2: ValueError: Mine is registered twice"
    assert f"2 mutants could not be executed, the first with: {first}\n" in printed.getvalue()
    assert campaign_as_json(ended)["left_out"] == list(ended.left_out)
    assert campaign(oral_messages, 4, 1).left_out == ()


def test_a_campaign_that_is_stopped_says_so_and_keeps_what_was_found() -> None:
    ended = run_campaign(OM(n=4, m=1), Team(oral_messages), timeout=0)
    assert isinstance(ended.stopped, OutOfTime)
    assert ended.exit_code == Stopped.exit_code
    assert ended.played == ()


@pytest.mark.parametrize("stop", [OutOfTime, Interrupted])
def test_a_campaign_that_is_stopped_after_something_broke_has_the_attack(
    stop: type[Stopped], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(self: Sources) -> Iterator[Planned]:
        yield from one_lie_each(range(1, 4))
        raise stop

    monkeypatch.setattr("byzverify.campaign.campaign.Sources.trials", stopped)
    monkeypatch.setattr("byzverify.campaign.campaign.BATCH", 1)
    ended = run_campaign(OM(n=4, m=1), Team(credulous), keep_going=True)
    assert isinstance(ended.stopped, stop)
    assert ended.exit_code == 1
    assert ended.attack is not None
    assert not ended.shrunk


@pytest.mark.parametrize("timeout", [100.0, None])
def test_the_question_about_the_model_has_no_more_time_than_the_campaign_and_a_limit_of_steps(
    timeout: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Asked(Exception):
        """The question is asked: the rest is not of interest."""

    asked: list[tuple[float | None, int]] = []

    def check(model: object, faults: object, *, timeout: float | None, steps: int, minimal: bool) -> None:
        asked.append((timeout, steps))
        raise Asked

    monkeypatch.setattr("byzverify.questions.pipeline.check", check)
    with pytest.raises(Asked):
        run_campaign(OM(n=4, m=1), Team(oral_messages), timeout=timeout)
    ((seconds, steps),) = asked
    assert steps == ASKED
    assert (seconds is None) == (timeout is None)
    assert seconds is None or 0 < seconds <= 100


def one_lie_each(liars: Iterable[int]) -> Iterator[Planned]:
    for liar in liars:
        yield Planned("", f"{liar}", Trial(OM(n=4, m=1), {0}, {0: "ATTACK"}, {(1, 0, liar, (0,)): "RETREAT"}))


def test_of_what_breaks_programs_as_easily_the_first_in_the_plan_is_told_whichever_ends_first() -> None:
    found = _UnderWay(OM(n=4, m=1), budget_of(1), Team(credulous), NO_LIMIT, lambda line: None)
    with Arena(Team(credulous), 10, NO_LIMIT) as arena:
        played = [arena.play(planned) for planned in one_lie_each(range(1, 4))]
    for place in (2, 0, 1):
        found._note(place, played[place])
    assert found._smallest() == played[0]


@pytest.mark.slow
def test_a_campaign_ends_soon_after_something_breaks() -> None:
    ended = run_campaign(OM(n=4, m=1), Team(credulous), attacks=60)
    assert ended.broken is not None
    assert ended.broken.lies == 1
    assert len(ended.played) < 20


def test_a_campaign_has_attacks() -> None:
    with pytest.raises(UsageError, match="1 attack or more, not 0"):
        run_campaign(OM(n=4, m=1), Team(oral_messages), attacks=0)


def test_junit_says_what_was_not_played_and_what_failed_unattacked() -> None:
    stopped = run_campaign(OM(n=4, m=1), Team(oral_messages), timeout=0)
    suite = xml.fromstring(as_junit(stopped)).find("testsuite")
    assert suite is not None
    assert suite.attrib["skipped"] == "1"
    assert [one.attrib["message"] for one in suite.findall("testcase/skipped")] == ["the time limit passed"]
    suite = xml.fromstring(fault_as_junit(OM(n=4, m=1), budget_of(1), NodeError("it crashes", 2))).find("testsuite")
    assert suite is not None
    assert suite.attrib["errors"] == "1"
    assert [one.attrib["message"] for one in suite.findall("testcase/error")] == ["it crashes"]


def test_junit_has_a_case_for_every_trial_and_tells_each_failure() -> None:
    ended = campaign(flat_tally, 7, 2)
    suite = xml.fromstring(as_junit(ended)).find("testsuite")
    assert suite is not None
    cases = suite.findall("testcase")
    failures = suite.findall("testcase/failure")
    assert len(cases) == len(ended.played) == int(suite.attrib["tests"])
    assert len(failures) == sum(1 for played in ended.played if played.failed) == int(suite.attrib["failures"])
    assert all("IC1" in failure.attrib["message"] or "IC2" in failure.attrib["message"] for failure in failures)
    assert all("decisions of the loyal" in (failure.text or "") for failure in failures)
