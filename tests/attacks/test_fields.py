"""Attacks in which messages of several fields are told: saved, read back, counted and made small as messages."""

import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import byzverify
from byzverify.attacks.loading import load
from byzverify.attacks.run_log import RunLog
from byzverify.campaign.proposals import Sources
from byzverify.catalogue import library
from byzverify.errors import AttackFileError
from byzverify.language import ABSENT, ATTACK, RETREAT, Order, Protocol
from byzverify.language.faults import Fault
from byzverify.language.labels import Form, form_of
from byzverify.language.messages import EVERYONE
from byzverify.language.records import Record
from byzverify.limits import NO_LIMIT
from byzverify.rendering.attack.letters import letters
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Deviation, Random, Script
from byzverify.simulation.trial import Trial
from byzverify.stories.narration import tell
from byzverify.strategies import trials

FIELDED = "tests/differential/fielded.py"

Content = dict[str, Any]


def model(name: str, **parameters: Any) -> Protocol:
    return library.find(f"{Path(__file__).parents[2] / FIELDED}:{name}")(**parameters)


PAIR = model("Pair", n=3, optional=True)
FORM = form_of("report", ("value", "flag"))


def refuted(protocol: Protocol, faults: dict[str, int], minimal: bool = False) -> byzverify.Refuted:
    verdict = byzverify.check(protocol, faults, minimal=minimal)
    assert isinstance(verdict, byzverify.Refuted)
    return verdict


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["byzantine", "symmetric"])
def test_an_attack_is_saved_and_reproduces(mode: str, tmp_path: Path) -> None:
    found = refuted(PAIR, {mode: 1})
    found.attack.save(tmp_path / "attack.json")
    attack, replay = load(tmp_path / "attack.json")
    assert attack.said == found.attack.said
    assert replay.run.lies == found.replay.run.lies


@pytest.fixture(scope="module")
def content() -> Content:
    """An attack with one letter, in which one field is left empty."""
    said: dict[Any, Any] = {(1, 2, 0): {FORM: Record({"value": ATTACK, "flag": ABSENT})}}
    played = run(PAIR, {2}, {}, Script({**said, (1, 2, 1): {FORM: Record({"value": RETREAT, "flag": RETREAT})}}))
    decisions = {str(general): bool(played.decisions[general]) for general in (0, 1)}
    attack = refuted(PAIR, {"byzantine": 1}).attack.as_json()
    letters = [
        {"round": 1, "sender": 2, "receiver": receiver, "says": [], "signed": [], "messages": [message]}
        for receiver, message in (
            (0, {"label": "report", "fields": [["flag", None], ["value", "ATTACK"]]}),
            (1, {"label": "report", "fields": [["flag", "RETREAT"], ["value", "RETREAT"]]}),
        )
    ]
    return attack | {"letters": letters, "decisions": decisions, "traitors": {"2": "byzantine"}}


def first(**parts: Any) -> Callable[[Content], None]:
    return lambda content: content["letters"][0]["messages"][0].update(parts)


WRONG: dict[str, tuple[Callable[[Content], None], str]] = {
    "a field twice": (first(fields=[["flag", None], ["flag", "ATTACK"]]), "names a field of a message twice"),
    "no field": (first(fields=[]), "messages.0.fields"),
    "an unknown order": (first(fields=[["flag", "FLEE"], ["value", None]]), "'FLEE' is not an order"),
    "a field that is no pair": (first(fields=["flag"]), "messages.0.fields"),
    "a name that is none": (first(fields=[[1.5, None]]), "messages.0.fields"),
    "half of the message": (first(fields=[["value", "ATTACK"]]), "does not reproduce"),
    "another label": (first(label="other"), "does not reproduce"),
    "the truth": (first(fields=[["flag", "RETREAT"], ["value", "RETREAT"]]), "does not reproduce"),
    "a message twice": (
        lambda content: content["letters"][0].update(messages=2 * content["letters"][0]["messages"]),
        "two messages of the same fields under the label 'report'",
    ),
    "what no omission is": (
        lambda content: content.update(traitors={"2": "omission"}),
        "the mode omission does not allow it",
    ),
    "what no symmetric fault is": (
        lambda content: content.update(traitors={"2": "symmetric"}),
        "the mode symmetric does not allow it",
    ),
}


def test_the_content_that_is_spoilt_below_is_an_attack(content: Content, tmp_path: Path) -> None:
    (tmp_path / "attack.json").write_text(json.dumps(content))
    _, replay = load(tmp_path / "attack.json")
    assert len(replay.run.lies) == 1


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_is_wrong_is_refused_in_one_line(what: str, content: Content, tmp_path: Path) -> None:
    spoil, expected = WRONG[what]
    spoilt = copy.deepcopy(content)
    spoil(spoilt)
    (tmp_path / "attack.json").write_text(json.dumps(spoilt))
    with pytest.raises(AttackFileError, match=expected) as caught:
        load(tmp_path / "attack.json")
    assert "\n" not in str(caught.value)


def test_files_without_fields_do_not_mention_them() -> None:
    assert "messages" not in json.dumps(refuted(model("Apart", n=2), {"crash": 1}).attack.as_json())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("protocol", "faults", "lies"),
    [
        (PAIR, {"byzantine": 1}, 1),
        (PAIR, {"symmetric": 1}, 2),
        (model("Empty", n=3), {"byzantine": 1}, 1),
        (model("Empty", n=3), {"crash": 1}, 1),
        (model("Bundled", n=3), {"byzantine": 1}, 1),
        (model("BundledOM", n=3, m=1), {"byzantine": 1}, 1),
    ],
    ids=repr,
)
def test_a_changed_message_is_one_lie(protocol: Protocol, faults: dict[str, int], lies: int) -> None:
    found = refuted(protocol, faults, minimal=True)
    assert len(found.replay.run.lies) == lies
    assert all(isinstance(lie.label, Form) for lie in found.replay.run.lies)


def test_of_a_message_that_is_a_lie_only_the_fields_differ_that_must() -> None:
    (lie,) = refuted(PAIR, {"byzantine": 1}).replay.run.lies
    assert isinstance(lie.said, Record)
    assert isinstance(lie.honest, Record)
    differ = [name for name in lie.said.names() if lie.said.part(name).name != lie.honest.part(name).name]
    assert len(differ) == 1


def test_a_story_tells_of_a_message_once_and_of_the_fields_that_differ() -> None:
    replay = refuted(PAIR, {"byzantine": 1}).replay
    (saying,) = tell(replay).sayings
    assert str(saying) in (
        "In round 1 general 2 tells general 0 value: nothing instead of value: RETREAT about report.",
        "In round 1 general 2 tells general 0 flag: nothing instead of flag: RETREAT about report.",
    )
    told = list(letters(RunLog(replay)))
    assert len(told) == len({(one.round, one.sender, one.receiver) for one in told}) == 4
    assert all(len(one.told) == 1 for one in told)
    assert [one.kind for one in told].count("lie") == 1


def test_half_a_message_from_a_traitor_is_none() -> None:
    for half in (Record({"value": ATTACK}), Record({"value": ATTACK, "flag": ATTACK, "more": ATTACK}), ATTACK):
        played = run(PAIR, {2}, {}, Script({(1, 2, 0): {FORM: half}}))
        assert (1, 2, 0) not in played.said
        assert [lie.said.name for lie in played.lies if lie.receiver == 0] == ["ABSENT"]
    played = run(PAIR, {2}, {}, Script({(1, 2, 0): {"report": Record({"value": ATTACK, "flag": ATTACK})}}))
    assert (1, 2, 0) not in played.said


def test_a_trial_says_fields_as_people_write_them() -> None:
    trial = Trial(PAIR, {2}, {0: "ATTACK"}, {(1, 2, 0, "report"): {"value": "ATTACK", "flag": "ABSENT"}})
    silent = Trial(PAIR, {2}, {}, {(1, 2, EVERYONE, "report"): {}})
    assert [lie.said.name for lie in trial.simulate().lies] == ["flag:ABSENT, value:ATTACK"]
    assert [(lie.receiver, lie.said.name) for lie in silent.simulate().lies] == [(0, "ABSENT"), (1, "ABSENT")]
    for one in (trial, silent, Trial.of(trial.simulate())):
        again = eval(repr(one), {"Trial": Trial, "Pair": type(PAIR)})
        assert repr(again) == repr(one)
        assert again.simulate().lies == one.simulate().lies
    wrong = Trial(PAIR, {2}, {}, {(1, 2, 0, "report"): {"value": "FLEE"}})
    with pytest.raises(byzverify.errors.UsageError, match="'FLEE' is not an order"):
        wrong.demand_sense()


@pytest.mark.slow
@pytest.mark.parametrize("mode", Fault)
def test_what_traitors_of_a_mode_really_say_in_fields_is_granted_when_it_is_said_again(mode: Fault) -> None:
    for seed in range(30):
        drawn = random.Random(seed)
        protocol = drawn.choice([PAIR, model("Empty", n=3), model("Bundled", n=3)])
        orders = {general: drawn.choice(protocol.orders) for general in range(3)}
        once = run(protocol, {1: mode}, orders, Random(protocol.words, seed))
        again = run(protocol, {1: mode}, orders, Script(once.said))
        assert not again.bent
        assert again.said == once.said
        assert again.lies == once.lies


@pytest.mark.slow
def test_trials_are_drawn_with_anything_in_each_field() -> None:
    seen: set[str] = set()

    @settings(max_examples=300, derandomize=True, database=None, suppress_health_check=list(HealthCheck), deadline=None)
    @given(trials(model("Pair", n=2, optional=True), 1))
    def draw(trial: Trial) -> None:
        played = trial.simulate()
        assert not played.bent
        seen.update(lie.said.name for lie in played.lies)

    draw()
    words = ("ABSENT", "RETREAT", "ATTACK")
    assert seen == {"ABSENT", *(f"flag:{one}, value:{other}" for one in words for other in words)}


@pytest.mark.slow
def test_a_campaign_tries_messages_of_several_fields() -> None:
    sources = Sources(model("Empty", n=3), {Fault.BYZANTINE: 1}, 0, NO_LIMIT, lambda line: None)
    kinds: dict[str, set[type[Order]]] = {}
    for planned, _ in zip(sources.trials(), range(60), strict=False):
        said = planned.trial.said
        kinds.setdefault(planned.kind, set()).update(type(one) for one in said.values())
        assert not planned.trial.simulate().bent
    assert all(Record in kinds[kind] for kind in ("steered votes", "stray orders", "random"))


def test_a_deviation_silences_messages_under_a_label_and_no_others() -> None:
    honest: dict[Any, Order] = {FORM: Record({"value": ATTACK, "flag": ATTACK}), "report": ATTACK, (): RETREAT}
    silent = Deviation(Behaviour(said={(1, 2, 0, Form("report", frozenset())): ABSENT})).says(1, 2, 0, honest)
    assert {label: order.name for label, order in silent.items() if order.name != "ABSENT"} == {
        "report": "ATTACK",
        (): "RETREAT",
    }
