"""OM(m), written from the paper in three languages without byzverify, against the simulator: run for run.

The programs in `examples/nodes/` share no line with the package and know none of its words but those of the node
protocol. Where a run of theirs is the simulator's in every decision and every letter, two readings of the paper agree;
the program that is wrong must be the README program, and fall where that falls.
"""

import ast
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

import byzverify
from byzverify import catalogue
from byzverify.attacks.attack import Attack
from byzverify.catalogue import Expectation
from byzverify.language.faults import Budget, Fault, Faults
from byzverify.language.messages import General, Label
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.models.om import OM
from byzverify.models.readme_program import ReadmeProgram
from byzverify.nodes.harness import play
from byzverify.nodes.team import Command, Team
from byzverify.simulation.judging import judge
from byzverify.simulation.post import Content
from byzverify.simulation.rounds import Run, run
from byzverify.simulation.strategies import Script, Strategy, scripted
from tests.other_tools import program

ROOT = Path(__file__).parents[2]
NODES = ROOT / "examples" / "nodes"
DOCUMENT = ROOT / "docs" / "reference" / "node-protocol.md"

LANGUAGES = ["Python", "JavaScript", "C"]
TEAMS = [*LANGUAGES, "mixed"]
FLAT: Command = (sys.executable, "-IS", str(NODES / "flat.py"))
"""-S leaves out the packages that are installed, byzverify among them."""

GRID = [entry for entry in catalogue.manifest() if entry.model == "om"]
FLAT_GRID = [entry for entry in catalogue.manifest() if entry.model == "readme_program"]
LARGE = 11
"""From so many generals on a run takes seconds."""

PATIENCE = 60.0

BABBLING = 1
"""Of four adversaries by number, which one talks nonsense."""


def named(entry: Expectation) -> str:
    return entry.command().removeprefix("byzverify check ")


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Command]:
    """The command of the reference in each language."""

    @cache
    def command(language: str) -> Command:
        if language == "Python":
            return (sys.executable, "-IS", str(NODES / "om.py"))
        if language == "JavaScript":
            return (program("node"), str(NODES / "om.js"))
        made = tmp_path_factory.mktemp("nodes") / "om"
        strictly = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-O2"]
        subprocess.run([program("cc"), *strictly, "-o", made, NODES / "om.c"], check=True)
        return (str(made),)

    return command


@pytest.fixture
def team(command: Callable[[str], Command]) -> Callable[[str, int], Team]:
    """The team of this name; in the mixed one the model's own program plays, too."""

    def team(name: str, n: int) -> Team:
        if name != "mixed":
            return Team(command(name))
        return Team(others={g: command(LANGUAGES[g % 4]) for g in range(n) if g % 4 < len(LANGUAGES)})

    return team


class Babble(Strategy):
    """Say any order, or nothing, where a loyal general says something, and under labels that no loyal general uses."""

    def __init__(self, orders: tuple[Order, ...], n: int, seed: int) -> None:
        self._orders = orders
        self._n = n
        self._random = random.Random(seed)

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        labels = [*honest, *self._nonsense(sender, receiver)]
        return {label: self._random.choice(self._orders) for label in labels if self._random.random() < 0.8}

    def _nonsense(self, sender: General, receiver: General) -> Iterator[Label]:
        """Labels that are near a path, and are not the sender's to use, or not at this time; and some far from any."""
        others = [general for general in range(1, self._n) if general not in (sender, receiver)]
        yield from ((0,), (0, sender), (0, *others[:1], sender), (0, *others[:2], sender))
        yield from ((), (sender,), (0, receiver, sender), (0, 0, sender), (0, sender, sender), (0, *others[:1]))
        yield from (sender, "0", "", '\u2028\n"\\,]}', ("0", sender), ((0,), sender), (0, str(sender)), (0, (sender,)))
        yield from ((0, self._n, sender), (-1, sender), (10**30, sender), ("n0", f"n{sender}"), tuple(range(1000)))
        yield nested(60)


def nested(depth: int) -> Label:
    label: Label = ()
    for _ in range(depth):
        label = (label,)
    return label


@dataclass(frozen=True)
class Adversary:
    """Who fails, how, and what they say; a strategy that draws must be made anew for each run."""

    faults: Faults
    orders: dict[General, Order]
    strategy: Callable[[], Strategy]


def scripts(model: Protocol, faults: Budget, number: int) -> Adversary:
    """The adversary of this number, with as many traitors as are allowed; of every three, one has the commander."""
    draw = random.Random(f"{model} {number}")
    modes = [mode for mode, most in faults.items() for _ in range(most)]
    present = draw.sample(range(model.n), len(modes))
    if number % 3 == 1 and 0 not in present:
        present[0] = 0
    order = model.orders[(number + 1) % len(model.orders)]
    made: list[Callable[[], Strategy]] = [
        lambda: scripted("random", model.orders, number),
        lambda: Babble(tuple(model.orders), model.n, number),
        lambda: scripted("alternate", model.orders, number),
        lambda: scripted("silent", model.orders, number),
    ]
    return Adversary(dict(zip(present, modes, strict=True)), {0: order}, made[number % len(made)])


@cache
def attacks(entry: str) -> list[Attack]:
    """The attack that a check finds, and a smallest one where that is quick."""
    one = next(one for one in [*GRID, *FLAT_GRID] if named(one) == entry)
    model = one.build()
    found = []
    for minimal in (False, True) if model.n < 9 else (False,):
        verdict = byzverify.check(model, one.budget(), minimal=minimal)
        assert isinstance(verdict, byzverify.Refuted)
        found.append(verdict.attack)
    return found


def scripted_attack(attack: Attack) -> Adversary:
    return Adversary(attack.traitors, dict(attack.orders), partial(Script, attack.said))


def adversaries(entry: Expectation, numbers: range) -> Iterator[Adversary]:
    if entry.verdict == "refuted":
        yield from map(scripted_attack, attacks(named(entry)))
    yield from (scripts(entry.build(), entry.budget(), number) for number in numbers)


def one_adversary(entry: Expectation, number: int) -> Iterator[Adversary]:
    """The smallest attack at hand; where there is none, somebody who talks nonsense."""
    if entry.verdict == "refuted":
        yield scripted_attack(attacks(named(entry))[-1])
    else:
        yield scripts(entry.build(), entry.budget(), 4 * number + BABBLING)


def against(model: Protocol, adversary: Adversary, team: Team) -> Run:
    """The run of a team, which must be the simulator's: in decisions, in letters, and in everybody's lies."""
    met = play(model, adversary.faults, adversary.orders, adversary.strategy(), team, deadline=PATIENCE)
    simulated = run(model, adversary.faults, adversary.orders, adversary.strategy())
    assert met.difference is None, "a loyal general does not send what the model sends"
    for general in simulated.loyal:
        assert met.run.decisions[general] == simulated.decisions[general]
    assert (met.run.said, met.run.lies, met.run.messages) == (simulated.said, simulated.lies, simulated.messages)
    assert met.remarks == [], "each program ends by itself"
    return met.run


def fails(played: Run) -> set[str]:
    return {judgement.condition.name for judgement in judge(played) if not judgement.holds}


def meet(entry: Expectation, adversaries: Iterator[Adversary], team: Team) -> None:
    """Play against these: what is proved holds, and what is refuted fails."""
    model = entry.build()
    broken = {condition for adversary in adversaries for condition in fails(against(model, adversary, team))}
    assert broken <= set(entry.breaks)
    assert bool(broken) == (entry.verdict == "refuted")


Teams = Callable[[str, int], Team]


@pytest.mark.parametrize("name", TEAMS)
@pytest.mark.parametrize("entry", [entry for entry in GRID if entry.build().n < LARGE], ids=named)
def test_a_reference_does_what_the_simulator_does(entry: Expectation, name: str, team: Teams) -> None:
    meet(entry, one_adversary(entry, TEAMS.index(name)), team(name, entry.build().n))


@pytest.mark.parametrize("entry", [entry for entry in GRID if entry.build().n >= LARGE], ids=named)
def test_a_reference_does_what_the_simulator_does_among_many(entry: Expectation, team: Teams) -> None:
    meet(entry, one_adversary(entry, 0), team("C", entry.build().n))


@pytest.mark.slow
@pytest.mark.parametrize("name", TEAMS)
@pytest.mark.parametrize("entry", GRID, ids=named)
def test_a_reference_does_what_the_simulator_does_whatever_traitors_say(
    entry: Expectation, name: str, team: Teams
) -> None:
    number = 24 if entry.build().n < LARGE else 4
    meet(entry, adversaries(entry, range(number)), team(name, entry.build().n))


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_is_no_majority_for_a_reference(language: str, command: Callable[[str], Command]) -> None:
    """Each of the two other orders has one vote of two: neither is used, whichever comes first."""
    model = OM(n=3, m=1, values=3)
    retreat, *others = model.orders
    for order, lie in (others, reversed(others)):
        said = {(2, 2, 1): {(0, 2): lie}}
        adversary = Adversary({2: Fault.BYZANTINE}, {0: order}, partial(Script, said))
        assert against(model, adversary, Team(command(language))).decisions[1] == retreat


@pytest.mark.parametrize("entry", [entry for entry in FLAT_GRID if entry.build().n < LARGE], ids=named)
def test_the_wrong_program_is_the_readme_program(entry: Expectation) -> None:
    meet(entry, one_adversary(entry, 0), Team(FLAT))


@pytest.mark.slow
@pytest.mark.parametrize("entry", FLAT_GRID, ids=named)
def test_the_wrong_program_is_the_readme_program_whatever_traitors_say(entry: Expectation) -> None:
    meet(entry, adversaries(entry, range(24)), Team(FLAT))


def played_as_om(n: int, m: int, adversary: Adversary, team: Team) -> set[str]:
    """What fails when a team plays OM(m)."""
    met = play(OM(n=n, m=m), adversary.faults, adversary.orders, adversary.strategy(), team, deadline=PATIENCE)
    return fails(met.run)


@pytest.mark.parametrize("name", TEAMS)
def test_played_as_om_the_wrong_program_falls_at_seven_and_a_reference_does_not(name: str, team: Teams) -> None:
    verdict = byzverify.check(ReadmeProgram(n=7, m=2))
    assert isinstance(verdict, byzverify.Refuted)
    adversary = scripted_attack(verdict.attack)
    assert played_as_om(7, 2, adversary, Team(FLAT))
    assert not played_as_om(7, 2, adversary, team(name, 7))


def test_played_as_om_the_wrong_program_looks_right_at_four() -> None:
    """The README program is proved at n=4, m=1: no traitor's lies, in its own labels or in OM's, tell it from OM."""
    for number in range(16):
        adversary = scripts(ReadmeProgram(n=4, m=1), {Fault.BYZANTINE: 1}, number)
        assert not played_as_om(4, 1, adversary, Team(FLAT))


def heard(command: Command, lines: str) -> list[dict[str, Any]]:
    """What a program writes when it reads this, to the end."""
    ended = subprocess.run(command, input=lines, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    return [json.loads(line) for line in ended.stdout.splitlines()]


def transcript() -> tuple[list[str], list[str]]:
    """The document's own: what its node reads, and what it writes."""
    text = DOCUMENT.read_text(encoding="utf-8")
    read, written = (re.findall(rf"^{sign} (.*)$", text, re.MULTILINE) for sign in "><")
    assert len(read) == 7
    return read, written


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reference_writes_what_the_document_shows(language: str, command: Callable[[str], Command]) -> None:
    read, written = transcript()
    assert heard(command(language), "\n".join(read) + "\n") == list(map(json.loads, written))


def respelled(value: object, draw: random.Random) -> str:
    """The same JSON with fields in another order and space wherever there may be some."""
    space = draw.choice(["", " ", "\t  "])
    if isinstance(value, dict):
        fields = [f"{space}{json.dumps(key)}{space}:{respelled(item, draw)}" for key, item in value.items()]
        return "{" + ",".join(draw.sample(fields, len(fields))) + space + "}"
    if isinstance(value, list):
        return "[" + space + ",".join(respelled(item, draw) for item in value) + "]"
    return space + json.dumps(value) + space


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reference_reads_json_however_it_is_written(language: str, command: Callable[[str], Command]) -> None:
    read, written = transcript()
    messages = list(map(json.loads, read))
    for message in messages:
        message["body"]["unknown"] = {"body": {"m": 7, "type": "error"}, "label": [[], {}, '"}],\\', None, -1.5e3]}
    for seed in range(5):
        lines = "".join(respelled(message, random.Random(seed)) + "\n" for message in messages)
        assert heard(command(language), lines) == list(map(json.loads, written))


def answered(command: Command, *messages: str) -> tuple[str, int | None]:
    """The type of the last answer to these, and its code."""
    body = heard(command, "".join(message + "\n" for message in messages))[-1]["body"]
    return body["type"], body.get("code")


def everyone(command: Callable[[str], Command]) -> list[Command]:
    return [*map(command, LANGUAGES), FLAT]


def test_each_program_refuses_what_it_does_not_play(command: Callable[[str], Command]) -> None:
    init = transcript()[0][0]
    king = init.replace('"protocol":"om"', '"protocol":"phase_king"')
    for one in everyone(command):
        assert answered(one, king) == ("error", 10)
    assert answered(FLAT, init.replace('"om"', '"readme_program"')) == ("init_ok", None)


UNREADABLE = ["rubbish", "", "[]", '{"body": 3}', '{"src": "network", "body": {"type": "round", "msg_id"', "\ufeff{"]


@pytest.mark.parametrize("line", UNREADABLE)
def test_each_program_says_that_it_cannot_read_a_line(line: str, command: Callable[[str], Command]) -> None:
    for one in everyone(command):
        assert answered(one, line) == ("error", 12)
        assert answered(one, transcript()[0][0], line) == ("error", 12)


def test_each_program_wants_to_know_first_who_it_is(command: Callable[[str], Command]) -> None:
    for one in everyone(command):
        assert answered(one, transcript()[0][1]) == ("error", 12)


def test_no_program_falls_for_a_label_that_is_huge(command: Callable[[str], Command]) -> None:
    read, written = transcript()
    for label in ["[" * 100_000 + "]" * 100_000, "9" * 100_000, f"[{'0,' * 100_000}2]", json.dumps("0" * 100_000)]:
        lines = [*read[:4], read[4].replace("[0,2]", label), *read[4:]]
        for language in LANGUAGES:
            assert heard(command(language), "\n".join(lines) + "\n") == list(map(json.loads, written))


def test_what_is_no_order_is_as_good_as_nothing(command: Callable[[str], Command]) -> None:
    read, _ = transcript()
    for order in ['"SURRENDER"', '"ATTAC"', '"ATTACKS"', "7", "null", '["ATTACK"]', '{"ATTACK": 1}']:
        lines = [*read[:2], read[2].replace('"ATTACK"', order), read[3]]
        for language in LANGUAGES:
            *relayed, _ = heard(command(language), "\n".join(lines) + "\n")[2:]
            assert [message["body"]["order"] for message in relayed] == ["RETREAT", "RETREAT"]


@pytest.mark.parametrize("path", sorted(NODES.glob("*.py")), ids=lambda path: path.name)
def test_the_python_programs_import_nothing_but_json_and_sys(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    others = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imports | others == {"__future__", "json", "sys"}
