"""The programs of `examples/nodes/`, each alone: what it reads, what it refuses, and that it keeps to the document."""

import ast
import json
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from byzverify.nodes.team import Command
from tests.nodes.references import FLAT, LANGUAGES, NODES, PATIENCE, ROOT, References

DOCUMENT = ROOT / "docs" / "reference" / "node-protocol.md"


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
def test_a_reference_writes_what_the_document_shows(language: str, command: References) -> None:
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
def test_a_reference_reads_json_however_it_is_written(language: str, command: References) -> None:
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


def everyone(command: References) -> list[Command]:
    return [*map(command, LANGUAGES), FLAT]


def test_each_program_refuses_what_it_does_not_play(command: References) -> None:
    init = transcript()[0][0]
    king = init.replace('"protocol":"om"', '"protocol":"phase_king"')
    for one in everyone(command):
        assert answered(one, king) == ("error", 10)
    assert answered(FLAT, init.replace('"om"', '"readme_program"')) == ("init_ok", None)


UNREADABLE = ["rubbish", "", "[]", '{"body": 3}', '{"src": "network", "body": {"type": "round", "msg_id"', "\ufeff{"]


@pytest.mark.slow
@pytest.mark.parametrize("line", UNREADABLE)
def test_each_program_says_that_it_cannot_read_a_line(line: str, command: References) -> None:
    for one in everyone(command):
        assert answered(one, line) == ("error", 12)
        assert answered(one, transcript()[0][0], line) == ("error", 12)


def test_each_program_wants_to_know_first_who_it_is(command: References) -> None:
    for one in everyone(command):
        assert answered(one, transcript()[0][1]) == ("error", 12)


def test_no_program_falls_for_a_label_that_is_huge(command: References) -> None:
    read, written = transcript()
    for label in ["[" * 100_000 + "]" * 100_000, "9" * 100_000, f"[{'0,' * 100_000}2]", json.dumps("0" * 100_000)]:
        lines = [*read[:4], read[4].replace("[0,2]", label), *read[4:]]
        for language in LANGUAGES:
            assert heard(command(language), "\n".join(lines) + "\n") == list(map(json.loads, written))


@pytest.mark.slow
def test_what_is_no_order_is_as_good_as_nothing(command: References) -> None:
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
