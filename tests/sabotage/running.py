"""How an input is run: by the installed command, in a copy of its folder, with nothing left from other runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent

OUTCOMES = {0: "PROVED", 1: "REFUTED", 2: "refused", 3: "UNKNOWN", 4: "contradiction"}
"""What the exit code of a check says."""

CRASH = "this is a bug in byzverify, please report it:"
"""What a command says where it ends in an error that is none of its own."""


@dataclass(frozen=True)
class Ended:
    """How the last command ended, and what it printed. A traceback is in `errors`, if anywhere."""

    outcome: str
    printed: str
    errors: str


def copied(folder: str, to: Path) -> Path:
    """A copy of the folder of inputs or of correct models."""
    return Path(shutil.copytree(HERE / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__")))


def run(steps: list[str], folder: Path) -> Ended:
    """Run commands one after the other in a folder, which holds all that they keep: how the last one ended.

    A step is a command, after `NAME=value` for its environment, or `copy ONE OTHER` or `swap ONE OTHER` of files.
    """
    ended = Ended("", "", "")
    for step in steps:
        words = shlex.split(step)
        if words[0] in ("copy", "swap"):
            _move(folder, *words)
        else:
            ended = _command(words, folder)
    return ended


def _move(folder: Path, how: str, one: str, other: str) -> None:
    texts = [(folder / name).read_bytes() for name in (one, other)]
    (folder / other).write_bytes(texts[0])
    if how == "swap":
        (folder / one).write_bytes(texts[1])


def _command(words: list[str], folder: Path) -> Ended:
    keeps = {"TMPDIR": folder / "tmp", "XDG_CACHE_HOME": folder / "cache", "HOME": folder}
    (folder / "tmp").mkdir(exist_ok=True)
    environment = os.environ | {name: str(path) for name, path in keeps.items()} | {"PYTHONDONTWRITEBYTECODE": "1"}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    outcome = OUTCOMES.get(done.returncode, f"exit code {done.returncode}")
    if words[:2] == ["byzverify", "map"] and outcome == "PROVED":
        outcome = "PROVED" if re.search(r"\b[1-9]\d* proved", done.stdout) else "not proved"
    if CRASH in done.stderr:
        outcome = "crashed"
    return Ended(outcome, done.stdout, done.stderr)
