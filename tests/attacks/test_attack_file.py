"""The attack file: what is saved is read back, and everything else is refused with one clear line."""

import copy
import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import byzverify
from byzverify.attacks.attack_file import AttackFile
from byzverify.attacks.loading import load, load_for_programs
from byzverify.errors import AttackFileError, ProtocolError, UsageError
from byzverify.language import ATTACK, RETREAT, General, Order, Program, Protocol, broadcast
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM

Content = dict[str, Any]


@pytest.fixture(scope="module")
def content() -> Content:
    verdict = byzverify.check(OM(n=3, m=1))
    assert isinstance(verdict, byzverify.Refuted)
    return verdict.attack.as_json()


def written(tmp_path: Path, content: Content) -> Path:
    path = tmp_path / "attack.json"
    path.write_text(json.dumps(content))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("protocol", [OM(n=6, m=2), OM(n=6, m=2, values=3), PhaseKing(n=3, m=1)], ids=repr)
def test_a_saved_attack_is_read_back_and_reproduces(protocol: Protocol, tmp_path: Path) -> None:
    verdict = byzverify.check(protocol)
    assert isinstance(verdict, byzverify.Refuted)
    verdict.attack.save(tmp_path / "attack.json")
    attack, replay = load(tmp_path / "attack.json")
    assert attack == verdict.attack
    assert [j.condition.name for j in replay.violated] == [j.condition.name for j in verdict.replay.violated]
    assert replay.run.lies == verdict.replay.run.lies


def test_the_schema_in_the_package_is_that_of_the_reader() -> None:
    schema = json.loads(files("byzverify.attacks").joinpath("attack.schema.json").read_text(encoding="utf-8"))
    assert schema == AttackFile.model_json_schema()


def change(**parts: Any) -> Callable[[Content], None]:
    return lambda content: content.update(parts)


def first_letter(**parts: Any) -> Callable[[Content], None]:
    return lambda content: content["letters"][0].update(parts)


def drop(name: str) -> Callable[[Content], None]:
    return lambda content: content.pop(name)


WRONG: dict[str, tuple[Callable[[Content], None], str]] = {
    "another format": (change(format="something"), "byzverify-attack"),
    "another version": (change(version=2), "version"),
    "a version that only equals one": (change(version=True), "version"),
    "no version": (drop("version"), "version: Field required"),
    "a traitor called 02": (change(traitors={"02": "byzantine"}), "not the number of a general"),
    "too many generals": (change(parameters={"n": 10**9, "m": 1}), "1 to 1000 generals"),
    "a field missing": (drop("letters"), "letters: Field required"),
    "a field too many": (change(extra=1), "extra"),
    "a letter's field too many": (first_letter(extra=1), "extra"),
    "an unknown model": (change(model="paxos"), "no model is called 'paxos'"),
    "an unknown parameter": (change(parameters={"n": 3, "m": 1, "k": 1}), "no parameter k"),
    "a missing parameter": (change(parameters={"n": 3}), "needs a value for m"),
    "an impossible parameter": (change(parameters={"n": 3, "m": 2}), "0 <= m <= n-2"),
    "a parameter of another type": (change(parameters={"n": "3", "m": 1}), "whole number"),
    "an unknown fault mode": (change(traitors={"2": "sleepy"}), "byzantine"),
    "a traitor who is no general": (change(traitors={"7": "byzantine"}), "general 7 does not exist"),
    "a receiver who is no general": (first_letter(receiver=9), "general 9 does not exist"),
    "a letter of a loyal general": (first_letter(sender=1, receiver=0), "general 1 sends a letter but is loyal"),
    "a letter to himself": (first_letter(receiver=2), "to himself"),
    "round 0": (first_letter(round=0), "round"),
    "an unknown order": (change(orders={"0": "SURRENDER"}), "'SURRENDER' is not an order"),
    "an unknown order in a letter": (first_letter(says=[[[0, 2], "FLEE"]]), "'FLEE' is not an order"),
    "no order for the commander": (change(orders={}), "orders must list"),
    "an order for a lieutenant": (change(orders={"0": "ATTACK", "1": "ATTACK"}), "orders must list"),
    "a label said twice": (first_letter(says=[[[0, 2], "ATTACK"], [[0, 2], "RETREAT"]]), "two orders under the label"),
    "a label that is none": (first_letter(says=[[1.5, "ATTACK"]]), "says"),
    "no decisions": (change(decisions={}), "decisions must be those of some loyal generals, of 0, 1"),
    "a traitor's decision": (change(decisions={"0": "ATTACK", "2": "ATTACK"}), "those of some loyal generals, of 0, 1"),
    "no decision that breaks anything": (change(decisions={"0": "ATTACK"}), "does not reproduce"),
    "an unknown condition": (change(condition="IC9"), "'IC9' is not a condition"),
    "a traitor who tells the truth": (first_letter(says=[[[0, 2], "ATTACK"]]), "does not reproduce"),
    "a letter in a round that never comes": (first_letter(round=99), "does not reproduce"),
    "other decisions": (change(decisions={"0": "RETREAT", "1": "RETREAT"}), "does not reproduce"),
    "no traitors": (
        change(traitors={}, letters=[], decisions={"0": "ATTACK", "1": "ATTACK", "2": "ATTACK"}),
        "does not reproduce",
    ),
    "a condition that holds": (change(condition="IC1"), "does not reproduce"),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_is_wrong_is_refused_in_one_line(what: str, content: Content, tmp_path: Path) -> None:
    spoil, expected = WRONG[what]
    spoilt = copy.deepcopy(content)
    spoil(spoilt)
    with pytest.raises(UsageError, match=expected) as caught:
        load(written(tmp_path, spoilt))
    assert "\n" not in str(caught.value)


def test_where_a_program_failed_a_file_has_no_decisions(content: Content, tmp_path: Path) -> None:
    path = written(tmp_path, content | {"condition": "Termination", "programs": "./mine"})
    with pytest.raises(AttackFileError, match="decisions must be empty: a program failed"):
        load_for_programs(path)
    load_for_programs(written(tmp_path, json.loads(path.read_text()) | {"decisions": {}}))


def test_the_fixture_is_what_the_wrong_files_are_made_from(content: Content, tmp_path: Path) -> None:
    assert (content["traitors"], content["condition"]) == ({"2": "byzantine"}, "IC2")
    load(written(tmp_path, content))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"attack"', "\x00\xff", '{"format": "byzverify-attack"}'])
def test_what_is_not_an_attack_file_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "attack.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(AttackFileError, match="is not an attack file of version 1"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AttackFileError, match=r"cannot read .*nowhere.json"):
        load(tmp_path / "nowhere.json")


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_garbled_file_is_refused_or_says_what_the_simulator_finds(data: st.DataObject, tmp_path: Path) -> None:
    verdict = byzverify.check(OM(n=3, m=1))
    assert isinstance(verdict, byzverify.Refuted)
    text = verdict.attack.file().model_dump_json()
    cut = data.draw(st.integers(0, len(text) - 1))
    path = tmp_path / "garbled.json"
    path.write_text(text[:cut] + data.draw(st.sampled_from(["", "}", "9", '"', "x", "null"])) + text[cut + 1 :])
    try:
        attack, replay = load(path)
    except UsageError:
        return
    assert attack.condition in [judgement.condition.name for judgement in replay.violated]
    assert {general: replay.run.decisions[general].name for general in replay.run.loyal} == attack.decisions


def test_a_protocol_in_no_file_cannot_be_saved() -> None:
    names: dict[str, Any] = {"__name__": "nowhere"}
    exec(
        "from byzverify.language import *\n"
        "class Silent(Protocol):\n"
        "    def general(self, me, order):\n"
        "        yield None\n"
        "        return RETREAT\n",
        names,
    )
    verdict = byzverify.check(names["Silent"](n=3), 0)
    assert isinstance(verdict, byzverify.Refuted)
    with pytest.raises(UsageError, match="is not defined in a file"):
        verdict.attack.as_json()


class Gullible(Protocol):
    """Believes whoever speaks last; a protocol of this file's own."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == 0 else None
        told = order if me == 0 else inbox.get(0, default=RETREAT)
        inbox = yield broadcast(told)
        return inbox.get(self.others(me, 0)[-1], default=ATTACK)


@pytest.mark.slow
def test_an_attack_on_the_users_own_file_names_the_file(tmp_path: Path) -> None:
    verdict = byzverify.check(Gullible(n=4), 1)
    assert isinstance(verdict, byzverify.Refuted)
    verdict.attack.save(tmp_path / "attack.json")
    attack, _ = load(tmp_path / "attack.json")
    assert type(attack.protocol).__name__ == "Gullible"


class HalfAPair(Protocol):
    """A general who labels orders with half of a pair of surrogates, which is no text."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, label="\ud800") if me == 0 else None
        return order if me == 0 else inbox.get(0, "\ud800", default=RETREAT)


@pytest.mark.slow
def test_a_label_that_is_no_text_is_the_authors_error(tmp_path: Path) -> None:
    verdict = byzverify.check(HalfAPair(n=4), 1)
    assert isinstance(verdict, byzverify.Refuted)
    with pytest.raises(ProtocolError, match="a label that no file can contain"):
        verdict.attack.save(tmp_path / "attack.json")


@pytest.fixture
def signed(tmp_path: Path) -> Content:
    """An attack on SM(1) by two traitors, as its file has it."""
    verdict = byzverify.check(SM(n=4, m=1), 2)
    assert isinstance(verdict, byzverify.Refuted)
    found: Content = verdict.attack.as_json()
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chain", "what"),
    [
        ("ATTACK:1:3", "which is forged"),  # nobody reads it, and general 1 has never signed it
        ("ATTACK:0:9", "general 9 does not exist"),
        ("FLEE:0:3", "'FLEE' is not an order"),
        ("ATTACK:", "not an attack file"),
    ],
)
def test_a_chain_that_cannot_have_been_made_is_refused_even_where_nobody_reads_it(
    chain: str, what: str, signed: Content, tmp_path: Path
) -> None:
    letter = next(letter for letter in signed["letters"] if letter["sender"] == 3)
    letter["signed"] = [*letter["signed"], chain]
    with pytest.raises(AttackFileError, match=what):
        byzverify.load(written(tmp_path, signed))


def test_a_lapse_that_is_none_of_the_mode_is_refused_even_where_it_does_not_matter(tmp_path: Path) -> None:
    verdict = byzverify.check(OM(n=3, m=1), {"omission": 1})
    assert isinstance(verdict, byzverify.Refuted)
    content = verdict.attack.as_json()
    (traitor,) = map(int, content["traitors"])
    content["letters"].append(
        {"round": 2, "sender": traitor, "receiver": 0, "says": [["hello", "ATTACK"]], "signed": []}
    )
    with pytest.raises(AttackFileError, match="the mode omission does not allow it"):
        byzverify.load(written(tmp_path, content))
