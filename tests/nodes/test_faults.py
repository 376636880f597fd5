"""Whatever a program does: the outcome is the one that the page on the protocol states, the same each time, and no
process outlives the run.
"""

import gc
import os
import random
import shlex
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from byzverify.errors import NodeError
from byzverify.language.values import ATTACK
from byzverify.nodes import conversation
from byzverify.nodes.harness import Encounter, meet
from byzverify.nodes.program import LONGEST_LINE
from byzverify.nodes.team import Command, Routine, Team
from tests.nodes.faulty import DEADLINE, FAULTY, LOYAL, ODD, PLAYS, Arrangement, Faulty, command_of
from tests.nodes.marked import survivors
from tests.support.calling import Call


def against(faulty: Faulty, *players: Command | Routine) -> Encounter:
    """Play with the program as general 1, and the others after him; the model plays who is left."""
    arranged = faulty.arrangement()
    team = Team(None, dict(enumerate(players, 1)))
    orders = {0: ATTACK}
    return meet(arranged.protocol, arranged.traitors, orders, arranged.strategy, team, deadline=faulty.deadline)[0]


def outcome(faulty: Faulty, command: Command) -> tuple[str | None, list[str]]:
    """What is said of a program: its fault, and remarks."""
    try:
        return None, against(faulty, command).remarks
    except NodeError as error:
        return str(error) if error.general == 1 else f"general {error.general} is to blame", []


def expected(faulty: Faulty, command: Command) -> tuple[str | None, list[str]]:
    title = f"general 1 ({shlex.join(command)})"
    return faulty.message(command), [f"{title} {faulty.remark}"] if faulty.remark else []


ALL = {**FAULTY, **ODD}
AT_ONCE = [name for name, faulty in ALL.items() if not faulty.takes_time]
IN_TIME = [name for name, faulty in ALL.items() if faulty.takes_time]


@pytest.mark.slow
@pytest.mark.parametrize("name", AT_ONCE)
def test_what_a_program_does_has_one_outcome_and_no_process_outlives_it(
    name: str, tmp_path: Path, marked: str, byzverify: Call
) -> None:
    faulty = ALL[name]
    command = command_of(faulty.program, tmp_path / "general.py", marked)
    assert outcome(faulty, command) == expected(faulty, command)
    assert survivors(marked) == []
    if faulty.arrangement is Arrangement:
        line = faulty.message(command)
        ended = byzverify(f"simulate om -m 1 -G l,l,l,l --node-map '1={shlex.join(command)}' --deadline {DEADLINE}")
        assert (ended.code, ended.err) == (
            2 if line else 0,
            f"byzverify: {line}\n" if line else "",
        )


@pytest.mark.slow
def test_those_for_whom_one_has_to_wait_do_not_disturb_each_other(tmp_path: Path) -> None:
    assert [wrong for wrong in at_once(IN_TIME, tmp_path, len(IN_TIME)) if wrong] == []


def at_once(names: list[str], folder: Path, threads: int) -> Iterator[str | None]:
    """Play with these programs, several at a time, each in a thread of its own; what is not as expected."""

    def wrong(numbered: tuple[int, str]) -> str | None:
        number, name = numbered
        mark = f"marked-{uuid4().hex}"
        command = command_of(ALL[name].program, folder / f"general{number}.py", mark)
        got, wanted, left = outcome(ALL[name], command), expected(ALL[name], command), survivors(mark)
        return None if got == wanted and not left else f"{name}: {got}, not {wanted}; survivors: {left}"

    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(wrong, enumerate(names))


@pytest.mark.slow
def test_many_runs_of_each_in_any_order_and_several_at_once_come_out_the_same(tmp_path: Path) -> None:
    """As many as the environment variable BYZVERIFY_RUNS says, and half as many of those for whom one has to wait."""
    runs = int(os.environ.get("BYZVERIFY_RUNS", "200"))
    names = AT_ONCE * runs + IN_TIME * (runs // 2)
    random.Random(0).shuffle(names)
    before = handles()
    assert [wrong for wrong in at_once(names, tmp_path, 8) if wrong] == []
    assert handles() == before


def handles() -> tuple[int, int]:
    """How many files are open, and how many threads there are, once nothing is left to be collected."""
    gc.collect()
    return len(os.listdir("/proc/self/fd")), threading.active_count()


@pytest.mark.slow
def test_runs_leave_no_file_and_no_thread_behind(tmp_path: Path, marked: str) -> None:
    names = ["plays as it must", "is killed", "leaves a child in a session of its own", "writes text"]
    commands = {
        name: command_of(ALL[name].program, tmp_path / f"{number}.py", marked) for number, name in enumerate(names)
    }
    outcome(ALL[names[0]], commands[names[0]])
    before = handles()
    for _ in range(5):
        for name, command in commands.items():
            outcome(ALL[name], command)
    assert handles() == before


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: None, "No such file or directory"),
        (Path.mkdir, "Permission denied"),
        (lambda path: path.write_text("#!/bin/sh\n"), "Permission denied"),
        (lambda path: (path.write_text("import json\n"), path.chmod(0o755)), "Exec format error"),
        (lambda path: (path.write_text("#!/no/such/python\n"), path.chmod(0o755)), "No such file or directory"),
    ],
    ids=["missing", "folder", "not executable", "no program", "no interpreter"],
)
def test_a_program_that_cannot_be_started_is_named(
    make: Callable[[Path], object], why: str, tmp_path: Path, byzverify: Call
) -> None:
    path = tmp_path / "general"
    make(path)
    ended = byzverify(f"simulate om -m 1 -G l,l,l,l --node {path}")
    assert ended.code == 2
    assert ended.err == f"byzverify: general 0 ({path}), at the start: {path} cannot be started: {why}\n"


def test_of_two_faulty_programs_the_first_general_is_to_blame_however_late_he_is(tmp_path: Path, marked: str) -> None:
    slow = command_of(f"{PLAYS}play(to=2)\ntime.sleep(0.3)\nsys.exit(1)", tmp_path / "slow.py", marked)
    fast = command_of(f"{PLAYS}play(to=2)\nsys.exit(2)", tmp_path / "fast.py", marked)
    for first, second, status in ((slow, fast, 1), (fast, slow, 2)):
        with pytest.raises(NodeError, match=f"general 1 .*, round 2: ended with exit status {status}$"):
            against(Faulty(""), first, second)


def test_nobody_waits_for_a_general_after_the_one_who_is_to_blame(tmp_path: Path, marked: str) -> None:
    ends = command_of("", tmp_path / "ends.py", marked)
    sleeps = command_of("import time\ntime.sleep(600)", tmp_path / "sleeps.py", marked)
    with pytest.raises(NodeError, match=r"general 1 .*: ended with exit status 0"):
        against(Faulty("", deadline=600), ends, sleeps)


def test_a_flood_of_orders_ends(tmp_path: Path, marked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "MOST_ORDERS", 2_000)
    flood = "number = 0\nwhile True:\n    number += 1\n    tell('n2', 2, [0, number])"
    command = command_of(f"{PLAYS}play(to=2)\n{flood}", tmp_path / "general.py", marked)
    with pytest.raises(NodeError, match=r"round 2: floods: it sends more than 2,000 orders in one round$"):
        against(Faulty(""), command)


LOGS = """
import threading
def log():
    while True:
        os.write(2, b"all is well\\n")
threading.Thread(target=log, daemon=True).start()
"""


def test_a_flood_in_the_log_disturbs_nobody(tmp_path: Path, marked: str) -> None:
    loyal = command_of(f"{PLAYS}{LOGS}play(to=None)", tmp_path / "loyal.py", marked)
    assert against(Faulty(""), loyal).as_model
    silent = command_of(f"{PLAYS}{LOGS}time.sleep(600)", tmp_path / "silent.py", marked)
    with pytest.raises(NodeError, match=r"did not answer within 0.4 s .*; its log: .*all is well \| all is well"):
        against(Faulty("", deadline=0.4), silent)


@pytest.mark.parametrize("length", [10, 500, 5000])
def test_the_beginning_and_the_end_of_a_log_are_shown(length: int, tmp_path: Path, marked: str) -> None:
    talks = f"import sys\nfor n in range(9): print(str(n) * {length} + chr(10), file=sys.stderr)"
    with pytest.raises(NodeError) as raised:
        against(Faulty(""), command_of(talks, tmp_path / "talks.py", marked))
    numbers = [0, None, 8] if length == 5000 else [0, 1, 2, 3, None, 5, 6, 7, 8]  # a part of 5,000 bytes of each end
    lines = ["…" if n is None else f"{n}" * min(length, 200) + "…" * (length > 200) for n in numbers]
    assert str(raised.value).endswith(f"ended with exit status 0; its log: {' | '.join(lines)}")


def test_a_log_of_a_few_lines_is_shown_whole_and_once(tmp_path: Path, marked: str) -> None:
    talks = "import sys\nfor n in range(8): print('line', n, file=sys.stderr)"
    with pytest.raises(NodeError) as raised:
        against(Faulty(""), command_of(talks, tmp_path / "talks.py", marked))
    assert str(raised.value).endswith("; its log: " + " | ".join(f"line {n}" for n in range(8)))


def test_a_label_as_deep_as_it_may_be_reaches_the_other_general(tmp_path: Path, marked: str) -> None:
    deep = f"{PLAYS}play(to=2)\nlabel = 7\nfor _ in range(190): label = [label]\ntell('n2', 2, label)\nplay(to=None)"
    commands = [command_of(text, tmp_path / f"{n}.py", marked) for n, text in enumerate((deep, LOYAL))]
    assert against(Faulty(""), *commands).run.messages > 0


def test_a_line_may_be_as_long_as_is_said(tmp_path: Path, marked: str) -> None:
    empty = len('{"src": "n1", "dest": "network", "body": {"type": "round_ok", "in_reply_to": 2, "why": ""}}')
    for length, fits in ((LONGEST_LINE, True), (LONGEST_LINE + 1, False)):
        answers = f"{PLAYS}play(to=1)\nanswer(why='x' * {length - empty})\nquestion()\nplay(to=None)"
        command = command_of(answers, tmp_path / "general.py", marked)
        said, _ = outcome(Faulty(""), command)
        assert (said is None) is fits
