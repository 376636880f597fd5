"""`byzverify solvable` as users meet it: answers, exit codes, limits, and questions that make no sense."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from byzverify.engines.solvability import deciding, losses, settings
from byzverify.errors import OutOfTime, ReplayMismatch, UsageError
from byzverify.exporters.protocols.candidates import candidates
from byzverify.limits import Limit
from byzverify.models.om import OM
from byzverify.questions import proposing, solving
from byzverify.questions.proposing import demand_fit
from byzverify.questions.solving import solvable
from byzverify.scenario.impossibility import DoubleCover, RunChain, Setting
from tests.solvability.asking import decided, setting
from tests.support.calling import Call, byzverify

__all__ = ["byzverify"]

SOLVABLE, IMPOSSIBLE, WRONG_USE, UNKNOWN, CONTRADICTION, INTERRUPTED = 0, 1, 2, 3, 4, 130


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        ("-n 4", SOLVABLE, "in 2 rounds, and in no fewer"),
        ("-n 2 -t 2", SOLVABLE, "in 1 round"),
        ("-n 4 -t 0", SOLVABLE, "in 1 round"),
        ("-n 4 --commander 3", SOLVABLE, "with commander 3"),
        ("-n 3", IMPOSSIBLE, "in any number of rounds"),
        ("-n 3 -t 3", IMPOSSIBLE, "in any number of rounds"),
        ("-n 3 --rounds 100", IMPOSSIBLE, "a double cover"),
        ("-n 4 --rounds 1", IMPOSSIBLE, "a chain of 3 executions, and none is shorter"),
        ("-n 4 -t 4 --rounds 1", IMPOSSIBLE, "in 1 round"),
        ("-n 4 --faults crash=2 --rounds 2", IMPOSSIBLE, "a chain of 14 executions, and none is shorter"),
        ("--graph cycle:4 --faults crash=2", IMPOSSIBLE, "a double cover"),
        ("--graph path:3 --signed", IMPOSSIBLE, "a double cover"),
        ("--graph edges:0-1,2", IMPOSSIBLE, "a double cover"),
        ("--graph edges:0-1,2 --commander 2 -t 0", IMPOSSIBLE, "a double cover"),
        ("--graph edges:0,1 -t 0", IMPOSSIBLE, "a double cover"),
        ("-n 2 --problem consensus", IMPOSSIBLE, "in any number of rounds"),
        ("-n 3 --problem consensus", IMPOSSIBLE, "a double cover"),
        ("-n 5 --problem consensus --faults manifest=3 --rounds 2", IMPOSSIBLE, "in any number of rounds"),
        ("-n 7 -t 2 --rounds 2 --problem approximate", SOLVABLE, "approximate agreement within 1/2 among"),
        ("-n 7 -t 2 --rounds 2 --problem approximate --epsilon 1/3", IMPOSSIBLE, "within 1/3"),
        ("-n 7 -t 2 --rounds 2 --problem approximate --epsilon 1/2", SOLVABLE, "within 1/2"),
        ("-n 4 --problem approximate --epsilon 0", SOLVABLE, "impossible in 1 round"),
        (
            "-n 4 --faults omission=2 --rounds 2 --problem approximate",
            UNKNOWN,
            "whether decisions can be within 1/12",
        ),
        (
            "-n 4 --faults crash=2 --rounds 1 --problem approximate",
            SOLVABLE,
            "impossible within less than 1/2: a",
        ),
        ("-n 4 --rounds 1 --problem approximate", SOLVABLE, "approximate agreement within 1 among"),
        ("--graph path:3 -t 0 --rounds 1 --problem approximate", IMPOSSIBLE, "a chain of 2 executions"),
        ("--graph edges:0-1,0-2 --faults crash=1 --problem interactive", IMPOSSIBLE, "a double cover"),
        ("-n 2 --problem consensus --signed", IMPOSSIBLE, "a chain of 3 executions, and none is shorter"),
        ("-n 4 --problem consensus -t 2 --signed --timeout 0", IMPOSSIBLE, "in any number of rounds"),
        ("-n 4 --problem consensus --faults crash=1,manifest=1", IMPOSSIBLE, "in any number of rounds"),
        ("--graph cycle:6 --problem consensus --faults symmetric=3", IMPOSSIBLE, "in any number of rounds"),
        ("-n 4 --timeout 0", UNKNOWN, "the time limit passed"),
        ("-n 3 --rounds 1 --timeout 0", IMPOSSIBLE, "a double cover"),
    ],
)
def test_answers_and_exit_codes(byzverify: Call, asked: str, code: int, says: str) -> None:
    ended = byzverify(f"solvable {asked}")
    assert ended.code == code
    assert ended.out.startswith(["SOLVABLE", "IMPOSSIBLE", "", "UNKNOWN"][code])
    assert says in ended.out


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("", "say how many generals"),
        ("-n 1", "2 to 200 generals"),
        ("-n 0", "2 to 200 generals"),
        ("-n 201", "2 to 200 generals"),
        ("-n 3 -t 4", "0 to 3 traitors"),
        ("-n 4 -t 2 --faults crash=1", "-t 2"),
        ("-n 4 --rounds 0", "1 to 100 rounds"),
        ("-n 4 --rounds 101", "1 to 100 rounds"),
        ("-n 4 --commander 4", "0 to 3"),
        ("-n 4 --problem consensus --commander 0", "no commander"),
        ("-n 4 --problem interactive --commander 0", "no commander"),
        ("-n 4 --problem broadcast_x", "did you mean 'broadcast'?"),
        ("-n 4 --problem graded_agreement", "no problem is called"),
        ("-n 4 --epsilon 1/2", "approximate"),
        ("-n 7 -t 2 --problem approximate", "give the number of rounds"),
        *((f"-n 4 --problem approximate --epsilon {one}", "epsilon") for one in ("2", "-1", "nan", "inf", "1/0", "x")),
        ("-n 5 --graph cycle:4", "4 nodes"),
        ("--graph cycle:nought", ""),
        ("-n 4 --save found.txt", "ends in .py"),
        ("-n 4 --save found", "ends in .py"),
        ("-n 4 --save .", "it is a folder"),
        ("-n 4 --faults crash=-1", "negative"),
        ("-n 4 --faults crash=1,crash=2", "named twice"),
        ("-n 4 --save /nowhere/found.py", "a folder that exists"),
        ("-n 3 --certificate /nowhere/cover.json", "a folder that exists"),
        ("-n 3 --certificate /", "folder"),
        ("-n 4 --timeout -1", ""),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(byzverify: Call, asked: str, says: str) -> None:
    ended = byzverify(f"solvable {asked}")
    assert ended.code == WRONG_USE
    assert ended.out == ""
    assert says in ended.err
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"n": "4"}, "n must be a whole number, not '4'"),
        ({"n": 4.0}, "n must be a whole number, not 4.0"),
        ({"n": 4, "rounds": "2"}, "rounds must be a whole number"),
        ({"n": 4, "commander": 1.0}, "commander must be a whole number"),
        ({"n": 4, "problem": 3}, "by their names"),
        ({"n": 4, "graph": 3}, "by their names"),
        ({"n": 4, "signed": "no"}, "signed is True or False"),
        ({"n": 4, "save": 3}, "save is the path of a file"),
        ({"n": 4, "problem": "approximate", "epsilon": [1]}, "epsilon is a number"),
        ({"n": 4, "problem": "approximate", "epsilon": float("inf")}, "epsilon is a number"),
    ],
    ids=str,
)
def test_values_of_the_wrong_kind_are_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(UsageError, match=re.escape(says)):
        solvable(**given)  # type: ignore[arg-type]


def test_a_file_that_cannot_be_loaded_is_refused_before_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "_Solving", None)
    with pytest.raises(UsageError, match=r"ends in \.py"):
        solvable(4, save=tmp_path / "found.txt")


@pytest.mark.parametrize(
    "asked", ["-n 4", "-n 4 --faults crash=1", "-n 3 --faults byzantine=1,crash=1 --signed", "-n 5 -t 4 --signed"]
)
def test_the_command_that_is_named_checks_what_was_saved(byzverify: Call, tmp_path: Path, asked: str) -> None:
    found = byzverify(f"solvable {asked} --save {tmp_path}/found.py")
    command = found.out.split("check it with: byzverify ")[1].splitlines()[0]
    checked = byzverify(command)
    assert checked.code == 0
    assert most_faults(found.out) == most_faults(checked.out)


def most_faults(said: str) -> str:
    """How many may fail, as a verdict says it in its first line."""
    (number,) = re.findall(r"at most (.*? (?:traitors?|faults?))", said.splitlines()[0])
    return str(number)


def test_the_hint_for_a_long_argument_names_the_certificate_that_was_written(byzverify: Call, tmp_path: Path) -> None:
    asked = "solvable -n 4 --rounds 2 --faults crash=2"
    assert "add --certificate FILE" in byzverify(asked).out
    ended = byzverify(f"{asked} --certificate {tmp_path}/crash.json")
    assert ended.out.endswith(f"byzverify explain {tmp_path}/crash.json\n")
    assert "add --certificate" not in ended.out
    assert "one of these 14 executions" in byzverify(f"explain {tmp_path}/crash.json").out


def test_a_problem_may_have_its_whole_name() -> None:
    for name in ("crusader_agreement", "crusader agreement", "crusader"):
        assert solvable(3, rounds=1, problem=name).question.setting.problem == "crusader"


def test_without_an_epsilon_the_least_one_that_is_not_ruled_out_is_named() -> None:
    assert str(solvable(7, 2, rounds=2, problem="approximate").epsilon) == "1/2"
    assert str(solvable(4, 1, rounds=1, problem="approximate").epsilon) == "1"


def test_no_epsilon_is_named_where_a_general_hears_nothing() -> None:
    found = solvable(None, 0, rounds=1, graph="path:3", problem="approximate")
    assert found.verdict == "impossible"
    assert found.executions == 2
    assert found.epsilon is None


def test_a_certificate_is_written_only_where_something_is_impossible(byzverify: Call, tmp_path: Path) -> None:
    for asked, is_written in (("-n 3 --rounds 1", True), ("-n 3", True), ("-n 2", False)):
        path = tmp_path / f"{is_written} {len(asked)}.json"
        ended = byzverify(f"solvable {asked} --certificate '{path}'")
        assert path.exists() == is_written
        assert ("nothing is written" in ended.err) != is_written
        if is_written:
            assert byzverify(f"certify '{path}'").code == 0


def test_a_chain_that_the_checker_refuses_is_a_contradiction(byzverify: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = decided(setting(4, 1, 1)).chain
    assert chain is not None
    wrong = RunChain(chain.setting, chain.runs[:2], chain.witnesses[:1])
    found = deciding.RuledOut(wrong, shortest=True)
    monkeypatch.setattr(deciding, "decide", lambda settings, *_: [(one, found) for one in settings])
    ended = byzverify("solvable -n 4 --rounds 1")
    assert ended.code == CONTRADICTION
    assert "the independent checker refuses" in ended.err


def test_a_cover_that_the_checker_refuses_is_a_contradiction(byzverify: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    cover = deciding.cover(setting(3, 1, None))
    assert cover is not None
    wrong = DoubleCover(cover.setting, frozenset(), cover.scenes, cover.witnesses)
    monkeypatch.setattr(deciding, "cover", lambda *_: wrong)
    assert byzverify("solvable -n 3").code == CONTRADICTION


def test_without_a_cover_it_is_said_how_many_rounds_were_looked_at(
    byzverify: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "cover", lambda *_: None)
    ended = byzverify("solvable -n 3")
    assert ended.code == UNKNOWN
    assert "more than 3 rounds were not looked at" in ended.out


@pytest.mark.parametrize(
    "asked",
    [
        {"n": 20, "traitors": 6, "rounds": 6},
        {"graph": "hypercube:6", "rounds": 5},
        {"graph": "hypercube:4", "traitors": {"crash": 3}},
        {"n": 60, "traitors": {"crash": 2}, "rounds": 2},
        {"n": 13, "traitors": 4, "rounds": 3},
        {"graph": "hypercube:4", "problem": "consensus"},
        {"n": 8, "traitors": {"crash": 1}, "problem": "consensus", "rounds": 1},
    ],
    ids=str,
)
def test_no_part_of_the_search_outlasts_the_time_limit(
    asked: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline passes at once, so whoever goes on without asking for the time is noticed by what he makes."""
    monkeypatch.setattr(solving, "is_likely", lambda setting: False)
    made = 0

    def counting(limit: Limit) -> None:
        nonlocal made
        made += 1
        if made > 20:
            limit.deadline = 0.0
        original(limit)

    original = Limit.check
    monkeypatch.setattr(Limit, "check", counting)
    found = solvable(**asked, timeout=10**5)  # type: ignore[arg-type]
    assert found.verdict == "unknown"
    assert 20 < made < 30 or "neither" in str(found.reason)


def test_what_is_too_large_to_keep_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((settings, "MOST_PATHS"), (settings, "MOST_WALKS"), (losses, "MOST")):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, 1)
            mode = "crash" if module is losses else "byzantine"
            found = decided(setting(4, {mode: 1}, 1))
            assert found.chain is None
            assert not found.exhausted


def test_rules_are_not_counted_where_there_are_too_many_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MOST_PATHS", 1)
    found = solvable(4, 1, rounds=2)
    assert found.found is not None
    assert found.found.freedom is None


def test_a_protocol_stays_found_if_the_time_ends_while_rules_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_time(*_: object) -> None:
        raise OutOfTime

    monkeypatch.setattr(solving, "freedom", out_of_time)
    assert solvable(4, 1, rounds=2).verdict == "solvable"


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (setting(5, 1, 2), "number of generals"),
        (setting(4, 1, 1), "number of rounds"),
        (replace(setting(4, 1, 2), problem="crusader"), "problem"),
        (replace(setting(4, 1, 2), edges=((0, 1), (0, 2), (0, 3))), "network"),
    ],
)
def test_a_proof_of_another_protocol_than_was_asked_about_is_a_contradiction(asked: Setting, wrong: str) -> None:
    with pytest.raises(ReplayMismatch, match=f"another.* {wrong}"):
        demand_fit(OM(n=4, m=1), "", asked)


def test_what_is_found_is_compared_with_what_was_asked(byzverify: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    for_five = list(candidates(setting(5, 1, 2)))
    monkeypatch.setattr(proposing, "candidates", lambda *_: for_five)
    ended = byzverify("solvable -n 4 --rounds 2")
    assert ended.code == CONTRADICTION
    assert "another number of generals" in ended.err


def test_signatures_are_noticed_where_messages_are_unsigned() -> None:
    with pytest.raises(ReplayMismatch, match="another kind of messages"):
        demand_fit(OM(n=4, m=1), "yield [sign(v) for v in self.orders]", setting(4, 1, 2))


def test_control_c_ends_the_search(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "byzverify", "solvable", "--graph", "hypercube:4", "--problem", "consensus"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as running:
        assert running.stderr is not None
        assert running.stderr.readline(), "the search has begun"
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)
    assert running.returncode == INTERRUPTED
