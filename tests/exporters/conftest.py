"""TLC and Spin, as functions from a protocol instance to the conditions that they find violated."""

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from byzverify.exporters.formats import Format, exported
from byzverify.files.saving import write_all
from byzverify.language import Protocol
from byzverify.language.faults import budget_of
from tests.support.other_tools import missing, program
from tests.support.tla2tools import jar

Opinion = Callable[[Protocol, Mapping[str, int]], set[str]]
"""The names of the conditions that are violated, if no more generals fail than this."""

SECONDS = 120


def ended(command: list[str], folder: Path) -> str:
    """What a program prints."""
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS)
    return run.stdout + run.stderr


def checked_by_tlc(folder: Path) -> set[str]:
    """The invariants that TLC finds violated in the model in a folder. Of a state that violates several, it names the
    first."""
    tools = jar() or missing("tla2tools.jar")
    java = [program("java"), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", str(tools), "tlc2.TLC"]
    said = ended([*java, "-workers", "1", "-continue", "-metadir", str(folder / "states"), "model.tla"], folder)
    violated = set(re.findall(r"Invariant (\w+) is violated", said))
    assert " 0 states left on queue" in said, said
    assert violated or "No error has been found" in said, said
    return violated


@pytest.fixture
def tlc_at_once(tmp_path: Path) -> Opinion:
    """Asks TLC about all conditions in one run: for models in which no state violates several."""

    def ask(protocol: Protocol, faults: Mapping[str, int]) -> set[str]:
        write_all(exported(protocol, budget_of(faults), Format.TLA, tmp_path / "model.tla"))
        return checked_by_tlc(tmp_path)

    return ask


@pytest.fixture
def tlc(tmp_path: Path, tlc_at_once: Opinion) -> Opinion:
    def ask(protocol: Protocol, faults: Mapping[str, int]) -> set[str]:
        violated = tlc_at_once(protocol, faults)
        configuration = tmp_path / "model.cfg"
        specification, *invariants = configuration.read_text().splitlines()
        for invariant in invariants if violated else ():
            if invariant.split()[1] not in violated:
                configuration.write_text(f"{specification}\n{invariant}")
                violated |= checked_by_tlc(tmp_path)
        return violated

    return ask


@pytest.fixture
def spin(tmp_path: Path) -> Opinion:
    spin, compiler = program("spin"), program("gcc")

    def ask(protocol: Protocol, faults: Mapping[str, int]) -> set[str]:
        write_all(exported(protocol, budget_of(faults), Format.PROMELA, tmp_path / "model.pml"))
        compiled = ended([spin, "-a", "model.pml"], tmp_path)
        assert not compiled, compiled
        compiled = ended([compiler, "-w", "-DSAFETY", "-o", "pan", "pan.c"], tmp_path)
        assert not compiled, compiled
        said = ended(["./pan", "-c0", "-m100000"], tmp_path)  # all errors, not only the first
        violated = set(re.findall(r"assertion violated (\w+)", said))
        assert re.search(rf"errors: {'[1-9]' if violated else '0'}", said), said
        assert not re.search(r"max search depth too small|out of memory|invalid end state \(", said), said
        return violated

    return ask
