"""The conformance test tells the author of a program what is wrong with it: where it shows, in which lines, and why."""

import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from byzverify.catalogue import library
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.nodes.advice import HINTS
from byzverify.nodes.conformance import ALONE, ConformanceTest, Grade, StepResult, parts
from tests.nodes.faulty import FAULTY, LOYAL, PLAYS, command_of
from tests.nodes.marked import survivors
from tests.support.calling import Call

STEPS = [step for step, _, _ in ALONE] + [part.step for part in parts(OM(n=4, m=1))]


def findings_of(program: str, folder: Path, mark: str, deadline: float = 20) -> Iterator[StepResult]:
    return ConformanceTest(command_of(program, folder / "general.py", mark), OM(n=4, m=1), deadline).findings()


@pytest.mark.slow
def test_a_program_that_plays_as_it_must_passes_every_step(tmp_path: Path, marked: str) -> None:
    findings = list(findings_of(LOYAL, tmp_path, marked))
    assert [finding.step for finding in findings] == STEPS
    assert [(finding.grade, finding.lines, finding.hint) for finding in findings] == [(Grade.RIGHT, (), "")] * 14


@pytest.mark.slow  # docs/howto/node-check.md shows that om does, which is tested
@pytest.mark.parametrize("name", ["om", "phase_king"])
def test_a_model_as_a_node_passes_its_own_conformance_test(name: str) -> None:
    node = (sys.executable, "-P", "-m", "byzverify", "node", name)
    protocol = library.configured(name, n=5, m=1)
    grades = [finding.grade for finding in ConformanceTest(node, protocol, 30).findings()]
    assert set(grades) == {Grade.RIGHT}
    assert len(grades) >= 10


MISTAKES: Sequence[tuple[str, str, str, Grade, str, str]] = [
    ("os.write(1, text + b\"\\n\")", "sys.stdout.write(text.decode() + '\\n')", "starts, and answers init",
     Grade.WRONG, "at the start: did not answer within 0.5 s (output that is not flushed looks the same)",
     "did not answer"),
    ("in_reply_to=asked, ", "", "starts, and answers init", Grade.WRONG,
     "in_reply_to: Field required", "in_reply_to: "),
    ("in_reply_to=asked", "in_reply_to=1", "answers round 1", Grade.WRONG,
     "round 1: answers message 1, but was asked 2", "answers message"),
    ("if asked > 1 else", "if asked > 9 else", "answers round 1", Grade.WRONG,
     "round 1: writes init_ok, where order or message or round_ok or error is expected", "writes init_ok"),
    ("    message = json.loads(text)", "    message = json.loads(text)\n        print('got', text[:5], flush=True)",
     "starts, and answers init", Grade.WRONG, "writes something that is not a message: got {\"src", "Invalid JSON"),
    ("body = message[\"body\"]", "body = message[\"body\"]\n        assert set(message) == {'src', 'dest', 'body'}",
     "ignores fields that it does not know", Grade.WRONG, "AssertionError", "its log"),
    ("    sys.exit()", "    time.sleep(600)", "ends when its input ends", Grade.DIFFERS,
     "it had to be ended by SIGTERM", "had to be ended"),
    ("import json,", "import signal\nsignal.signal(15, signal.SIG_IGN)\nimport json,", "ends on SIGTERM",
     Grade.DIFFERS, "it ignores SIGTERM", "ignores SIGTERM"),
    ("round == 1 and mine", "False", "plays the commander, without faults", Grade.WRONG,
     'the model writes   {"src":"n0","dest":"n1","body":{"type":"order","round":1,"label":[0],"order":"ATTACK"}}',
     "does it send everything before it answers the round"),
    ("[1:]:\n", ":\n", "plays a lieutenant, without faults", Grade.DIFFERS,
     'it writes          {"src":"n1","dest":"n0","body":{"type":"order","round":2,"label":[0,1],"order":"ATTACK"}}',
     "does it send this to a wrong receiver"),
    ("init[\"neighbours\"][1:]", "init[\"node_ids\"][1:]", "plays a lieutenant, without faults", Grade.WRONG,
     "round 2: sends an order to itself; what a general needs later, it must store", "to itself"),
    ("[0, int(me[1:])]", "[int(me[1:]), 0]", "plays a lieutenant, without faults", Grade.DIFFERS,
     'it writes          {"src":"n1","dest":"n2","body":{"type":"order","round":2,"label":[1,0],"order":"ATTACK"}}',
     "is the label the model's?"),
    ("tell(other, 2,", "tell(other, 1,", "plays a lieutenant, without faults", Grade.WRONG,
     "round 2: sends an order of round 1", "sends an order of round"),
    ("max(orders, key=votes.count)", "'NONE'", "plays a lieutenant, without faults", Grade.WRONG,
     "round 3: decides 'NONE', which is not one of RETREAT, ATTACK", "which is not one of"),
    ("max(orders,", "max(['RETREAT', 'ATTACK'],",
     "plays a lieutenant, with three orders, and is given ORDER2",
     Grade.WRONG, "IC2 fails: if the commander is loyal, every loyal lieutenant obeys his order",
     "does it count each vote once"),
    ("inbox.get(other, orders[0])", "(inbox[other] if round == 3 else 0)", "tolerates that general 3 sends nothing",
     Grade.WRONG, "its log: ", "its log"),
    ("tell(other, 2, [0, int(me[1:])], inbox.get(\"n0\", orders[0]))",
     "'n0' in inbox and tell(other, 2, [0, int(me[1:])], inbox['n0'])", "tolerates that the commander sends nothing",
     Grade.DIFFERS,
     'the model writes   {"src":"n1","dest":"n2","body":{"type":"order","round":2,"label":[0,1],"order":"RETREAT"}}',
     "does it send everything before it answers the round"),
    ("if body[\"label\"] in ([0], [0, int(message[\"src\"][1:])]):", "if len(body[\"label\"]) in (1, 2):",
     "tolerates nonsense from general 3", Grade.WRONG, "TypeError", "its log"),
]  # fmt: skip
"""What is changed in a right program, the first step at which it is noticed, a line of what is said, and the hint."""


@pytest.mark.slow
@pytest.mark.parametrize(("right", "wrong", "step", "grade", "line", "cause"), MISTAKES)
def test_a_mistake_is_told_where_it_shows(
    right: str, wrong: str, step: str, grade: Grade, line: str, cause: str, tmp_path: Path, marked: str
) -> None:
    assert right in LOYAL
    findings = findings_of(LOYAL.replace(right, wrong), tmp_path, marked, 0.5 if "stdout" in wrong else 20)
    first = next(finding for finding in findings if finding.grade is not Grade.RIGHT)
    assert (first.step, first.grade) == (step, grade)
    assert any(line in one for one in first.lines), first.lines
    assert first.hint.startswith(HINTS.get(cause, cause))


@pytest.mark.parametrize("sign", HINTS)
def test_every_hint_is_given_for_something_that_is_said(sign: str) -> None:
    elsewhere = {
        "Permission denied",
        "Exec format error",
        "No such file",
        "its log",
        "had to be ended",
        "ignores SIGTERM",
    }
    said = [str(faulty.what) for faulty in FAULTY.values()]
    assert sign in elsewhere or any(sign in line for line in said)


def test_what_was_said_last_is_shown(tmp_path: Path, marked: str) -> None:
    findings = list(findings_of(f"{PLAYS}answer()\nquestion()\ntell('n2', 4, [])", tmp_path, marked))
    assert findings[-1].lines == (
        "round 1: sends an order of round 4",
        *findings[-1].lines[1:2],
        '< {"src": "n1", "dest": "network", "body": {"type": "init_ok", "in_reply_to": 1}}',
        '> {"src":"network","dest":"n1","body":{"type":"round","msg_id":2,"round":1}}',
        '< {"src": "n1", "dest": "n2", "body": {"type": "order", "round": 4, "label": [], "order": "ATTACK"}}',
    )
    assert (
        findings[-1]
        .lines[1]
        .startswith('> {"src":"network","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1"')
    )


@pytest.mark.slow
def test_a_program_that_cannot_begin_is_asked_no_more(tmp_path: Path, marked: str) -> None:
    assert [finding.step for finding in findings_of("", tmp_path, marked)] == STEPS[:1]
    assert [finding.step for finding in findings_of(f"{PLAYS}answer()", tmp_path, marked)] == STEPS[:2]


def test_a_consensus_protocol_has_generals_and_no_commander() -> None:
    steps = [part.step for part in parts(PhaseKing(n=5, m=1))]
    assert steps[:2] == ["plays general 0, without faults", "plays general 1, without faults"]


@pytest.mark.slow
def test_the_command_says_what_is_wrong_and_exits_with_2(tmp_path: Path, marked: str, byzverify: Call) -> None:
    wrong = LOYAL.replace('init["neighbours"][1:]', 'init["node_ids"][1:]')
    node = shlex.join(command_of(wrong, tmp_path / "general.py", marked))
    ended = byzverify(f"node-check {shlex.quote(node)}")
    assert (ended.code, ended.err) == (2, "")
    lines = ended.out.splitlines()
    assert lines[6:8] == [
        "✗ plays a lieutenant, without faults",
        "    round 2: sends an order to itself; what a general needs later, it must store",
    ]
    assert lines[12] == f"    hint: {HINTS['to itself']}"
    assert lines[-1] == "8 of 14 steps wrong"


@pytest.mark.slow
def test_the_command_exits_with_0_where_all_is_right(tmp_path: Path, marked: str, byzverify: Call) -> None:
    node = shlex.join(command_of(LOYAL, tmp_path / "general.py", marked))
    ended = byzverify(f"node-check {shlex.quote(node)} -n 4 -m 1 --model om")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [*(f"✓ {step}" for step in STEPS), "all 14 steps right"]
    assert survivors(marked) == []


def test_who_would_play_with_nobody_is_not_asked(byzverify: Call) -> None:
    ended = byzverify("node-check 'byzverify node phase_king' --model phase_king -n 1 -m 0")
    assert ended.code == 2
    assert "-n" in ended.err


@pytest.mark.slow
def test_a_mistake_that_shows_again_is_not_told_again(byzverify: Call) -> None:
    node = shlex.join((sys.executable, "-P", "-m", "byzverify", "node", "readme_program"))
    ended = byzverify(f"node-check {shlex.quote(node)}")
    assert ended.code == 0
    assert ": as above" in ended.out
    assert "steps differ from om" in ended.out


PAGE = Path(__file__).parents[2] / "docs" / "howto" / "node-check.md"


@pytest.mark.slow
def test_the_page_shows_what_is_said_of_a_program_that_counts_a_vote_too_few(tmp_path: Path, byzverify: Call) -> None:
    page = PAGE.read_text(encoding="utf-8")
    program, block = (re.search(f"```{start}.*?```", page, re.DOTALL) for start in ("python\n", "\n✗"))
    assert program is not None
    assert block is not None
    relays = 'relayed = told.get(("n0", 1), init["orders"][0])\n            for other in init["neighbours"]'
    assert relays in program[0]
    right = program[0].strip("`").removeprefix("python").replace(relays, f"{relays}[1:]")
    few = right.replace('init["neighbours"][1:])]', 'init["neighbours"][2:])]')
    for text, shown in ((right, "all 14 steps right\n"), (few, block[0].strip("`\n"))):
        (tmp_path / "my_general.py").write_text(text)
        assert shown in byzverify(f"node-check '{sys.executable} {tmp_path / 'my_general.py'}'").out
