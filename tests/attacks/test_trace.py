"""Traces in the Informal Trace Format, held against a reader that others wrote, and read back with suspicion."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import itf_py
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import byzverify
from byzverify.attacks.attack import Attack
from byzverify.attacks.run_log import RunLog
from byzverify.attacks.trace import trace
from byzverify.errors import AttackFileError
from byzverify.language import RETREAT, Label
from byzverify.language.messages import Chain
from byzverify.language.records import Form
from byzverify.language.values import ABSENT
from tests.rendering.attacks import FALLING, LABELS, attack_on, attack_under

Content = dict[str, Any]


def traced(attack: Attack) -> str:
    return trace(attack, attack.replay())


def is_same(attack: Attack, other: Attack) -> bool:
    """Whether two attacks are the same, where a model that comes from a file may have been loaded twice."""
    return repr(attack.protocol) == repr(other.protocol) and replace(attack, protocol=other.protocol) == other


def saved(folder: Path, text: str) -> Path:
    path = folder / "attack.itf.json"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("name", FALLING)
def test_a_trace_is_read_back_as_the_attack_that_it_was(name: str, tmp_path: Path) -> None:
    attack, replay = byzverify.load(saved(tmp_path, traced(attack_on(name))))
    assert is_same(attack, attack_on(name))
    assert replay.run.lies == attack_on(name).replay().run.lies


@pytest.mark.parametrize("name", FALLING)
def test_another_reader_of_the_format_finds_the_run_in_it(name: str) -> None:
    replay = attack_on(name).replay()
    found = itf_py.trace_from_json(json.loads(traced(attack_on(name))))
    start, *rounds, end = [state.values for state in found.states]
    assert all(set(state.values) == set(found.vars) for state in found.states)
    assert [state["round"] for state in (start, *rounds, end)] == [*range(replay.run.rounds + 1), replay.run.rounds]
    assert start["orders"] == {general: order.name for general, order in replay.run.orders.items()}
    assert end["faults"] == {general: mode.value for general, mode in replay.run.faults.items()}
    assert end["violated"] == {judgement.condition.name for judgement in replay.violated}
    assert set(end["decisions"]) == set(replay.run.loyal)
    assert not any(start[name] for name in ("messages", "lies", "decisions", "violated"))
    lies = {(state["round"], *told(one), one.instead) for state in rounds for one in state["lies"]}
    assert lies == {
        (lie.round, lie.sender, lie.receiver, *label(lie.label), lie.said.name, lie.honest.name)
        for lie in replay.run.lies
    }
    heard = {(state["round"], *told(one)) for state in rounds for one in state["messages"]}
    assert heard >= {
        (one.round, one.sender, one.receiver, *label(one.label), one.said.name)
        for one in RunLog(replay).told()
        if one.said.name != ABSENT.name
    }
    assert heard >= {
        (*address, *label(about), order.name)
        for address, content in replay.run.said.items()
        for about, order in content.items()
    }


def told(one: Any) -> tuple[Any, ...]:
    return (one.sender, one.receiver, one.about, tuple(one.signed_by), one.says)


def label(label: Label) -> tuple[Any, ...]:
    about = label.label if isinstance(label, Form) else label
    return ((), label.signers) if isinstance(label, Chain) else (about, ())


@pytest.mark.slow
@pytest.mark.parametrize("name", FALLING)
def test_a_trace_that_another_program_has_written_again_is_accepted(name: str, tmp_path: Path) -> None:
    found = itf_py.trace_from_json(json.loads(traced(attack_on(name))))
    attack, _ = byzverify.load(saved(tmp_path, json.dumps(itf_py.trace_to_json(found))))
    assert is_same(attack, attack_on(name))


@pytest.mark.slow
@given(label=LABELS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_label_comes_back(label: Label, tmp_path: Path) -> None:
    attack, _ = byzverify.load(saved(tmp_path, traced(attack_under(label))))
    assert attack.said == {(2, 2, 1): {label: RETREAT}}


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text in a JSON value."""
    if isinstance(value, str):
        yield path
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from leaves(part, (*path, key))


def changed(text: str) -> str:
    return str(int(text) + 1) if text.isdecimal() else "RETREAT" if text == "ATTACK" else "ATTACK"


SMALL = ["om", "sm", "z with three modes", "gradecast", "om with omissions"]


@pytest.mark.slow
@given(choice=st.data(), name=st.sampled_from(SMALL))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_word_or_number_changed_in_any_state_is_noticed(choice: st.DataObject, name: str, tmp_path: Path) -> None:
    content = json.loads(traced(attack_on(name)))
    *path, last = choice.draw(st.sampled_from(list(leaves(content["states"]))))
    place = content["states"]
    for key in path:
        place = place[key]
    place[last] = changed(place[last])
    with pytest.raises(AttackFileError) as refused:
        byzverify.load(saved(tmp_path, json.dumps(content)))
    assert "\n" not in str(refused.value)


def drop(*keys: Any) -> Callable[[Content], None]:
    def change(content: Any) -> None:
        for key in keys[:-1]:
            content = content[key]
        del content[keys[-1]]

    return change


def put(value: Any, *keys: Any) -> Callable[[Content], None]:
    def change(content: Any) -> None:
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (drop("states", 2), "in state 2, the simulator has other messages"),
        (drop("states", 1, "messages", "#set", 0), "in state 1, the simulator has other messages"),
        (drop("states", 2, "messages", "#set", 0), "in state 2, the simulator has other lies"),
        (drop("states", 2, "lies", "#set", 0), "in state 2, the simulator has other lies"),
        (drop("states", 0), "in state 0, the simulator has other round"),
        (drop("states", 0, "lies"), "states.0.lies: Field required"),
        (drop("#meta", "byzverify"), "#meta.byzverify: Field required"),
        (drop("vars", 0), "vars"),
        (put("surprise", "vars", 0), "vars"),
        (put([], "states"), "states"),
        (put({}, "surprise"), "surprise"),
        (put({"#set": []}, "states", 0, "surprise"), "surprise"),
        (put(0, "loop"), "loop"),
        (put(2, "#meta", "byzverify", "version"), "version"),
        (put("nobody", "#meta", "byzverify", "model"), "no model is called"),
        (put("IC1", "#meta", "byzverify", "condition"), "does not reproduce"),
        (put(7, "states", 0, "round"), "an object with #bigint"),
        (put({"#bigint": "one"}, "states", 0, "round"), "is no whole number"),
        (put({"#bigint": "9" * 5000}, "states", 0, "round"), "digits"),
        (put({"#map": [1]}, "states", 0, "faults"), "a list of pairs"),
        (put({"#map": [[{"#bigint": "2"}, "byzantine"]] * 2}, "states", 0, "faults"), "a key twice"),
        (put({"#set": [{"#bigint": "1"}]}, "states", 0, "messages"), "messages"),
    ],
)
def test_a_trace_that_is_not_ours_is_refused_with_one_line(
    change: Callable[[Content], None], reason: str, tmp_path: Path
) -> None:
    content = json.loads(traced(attack_on("om")))
    change(content)
    with pytest.raises(AttackFileError, match=r"attack\.itf\.json") as refused:
        byzverify.load(saved(tmp_path, json.dumps(content)))
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 10000])
def test_what_is_no_trace_at_all_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(AttackFileError, match="is not a trace of an attack"):
        byzverify.load(saved(tmp_path, text))
