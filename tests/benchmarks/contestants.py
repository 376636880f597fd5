"""Who can be asked about OM(m): byzverify and others, each as command lines with the verdicts that they give.

This module knows what each is called, how it is asked and how it answers. It measures nothing.
"""

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.measuring import Command, Verdict
from tests.support.tla2tools import jar

HERE = Path(__file__).parent
PYTHON = (sys.executable, "-P")
BYZVERIFY = (*PYTHON, "-m", "byzverify")
PROVED = Verdict(0, "proved")
ATTACK = Verdict(1, "refuted")


@dataclass(frozen=True)
class Size:
    """OM(m) with n generals, of whom m may be traitors."""

    n: int
    m: int

    def __str__(self) -> str:
        return f"n = {self.n}, m = {self.m}"

    @property
    def safe(self) -> bool:
        """LSP 1982, Theorem 1: OM(m) is correct for more than 3m generals, and nothing is for 3m."""
        return self.n > 3 * self.m

    @property
    def options(self) -> Command:
        """What byzverify is asked about."""
        return ("om", "-n", str(self.n), "-m", str(self.m))

    @property
    def orders(self) -> int:
        """How many orders a run sends: n-1, and (n-1)(n-2), and so on in m+1 rounds (LSP 1982)."""
        sent, of_round = 0, 1
        for others in range(self.n - 1, self.n - self.m - 2, -1):
            of_round *= others
            sent += of_round
        return sent


@dataclass(frozen=True)
class Contestant:
    """Somebody who can be asked.

    asked: the command, run in a folder of its own. made: what is made beforehand, in the same folder, and measured
    apart. needs: what must be installed. fewest: how many generals it can be asked about at least.
    """

    name: str
    how: str
    versions: Callable[[], str]
    asked: Callable[[Size], Command]
    made: Callable[[Size], tuple[Command, ...]] | None = None
    proved: Verdict = PROVED
    refuted: Verdict = ATTACK
    needs: tuple[str, ...] = ()
    fewest: int = 3

    def expected(self, size: Size) -> Verdict:
        """What it must answer."""
        return self.proved if size.safe else self.refuted

    @property
    def missing(self) -> tuple[str, ...]:
        """What it needs and is not there."""
        return tuple(one for one in self.needs if not _installed(one))


def _installed(name: str) -> bool:
    if name == "tla2tools.jar":
        return jar() is not None
    return shutil.which(name) is not None or find_spec(name) is not None


def _said(pattern: str, *command: str) -> str:
    """What a program says of its version."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(pattern, ended.stdout + ended.stderr)
    return found[1] if found else "of unknown version"


def _check(size: Size, *more: str) -> Command:
    return (*BYZVERIFY, "check", *size.options, *more)


def _script(name: str) -> Callable[[Size], Command]:
    return lambda size: (sys.executable, str(HERE / name), str(size.n), str(size.m))


def _export(size: Size, to: str, file: str) -> Command:
    return (*BYZVERIFY, "export", *size.options, "--to", to, "--output", file)


def _byzverify() -> str:
    return f"byzverify {version('byzverify')}"


def _z3() -> str:
    return f"z3 {version('z3-solver')}"


def _spin() -> str:
    gcc = _said(r"^gcc.* (\S+)", "gcc", "--version")
    return f"Spin {_said(r'Version ([0-9.]+)', 'spin', '-V')}, gcc {gcc}"


def _tlc() -> str:
    java = _said(r'version "(\S+)"', "java", "-version")
    tlc = _said(r"TLC2 Version (\S+)", "java", "-cp", str(jar()), "tlc2.TLC")
    return f"TLC {tlc}, Java {java}"


CONTESTANTS = (
    Contestant("byzverify", "`byzverify check`", _byzverify, _check),
    Contestant(
        "z3 by hand",
        "a program of one page with `AtLeast`, for this protocol alone (`tests/benchmarks/handwritten.py`)",
        _z3,
        _script("handwritten.py"),
        fewest=4,  # it takes two loyal lieutenants
    ),
    Contestant(
        "cvc5",
        "`byzverify check --solver cvc5`, which hands over the same terms raw, as SMT-LIB",
        lambda: f"cvc5 {version('cvc5')}",
        lambda size: _check(size, "--solver", "cvc5"),
        needs=("cvc5",),
    ),
    Contestant(
        "CaDiCaL",
        "`byzverify check --solver cadical`, which hands over the same terms raw, as clauses",
        lambda: f"CaDiCaL 1.9.5 in python-sat {version('python-sat')}",
        lambda size: _check(size, "--solver", "cadical", *(["--json"] if size.safe else [])),
        needs=("pysat",),
    ),
    Contestant(
        "Spin",
        "`./pan -m1000000`, of `byzverify export --to promela`, `spin -a` and `gcc -O2 -DSAFETY`",
        _spin,
        lambda size: ("./pan", "-m1000000"),
        lambda size: (
            _export(size, "promela", "om.pml"),
            ("spin", "-a", "om.pml"),
            ("gcc", "-O2", "-w", "-DSAFETY", "-o", "pan", "pan.c"),
        ),
        proved=Verdict(0, "errors: 0"),
        refuted=Verdict(0, "assertion violated ic"),
        needs=("spin", "gcc"),
    ),
    Contestant(
        "TLC",
        "`java -XX:+UseSerialGC -Xmx8g -cp tla2tools.jar tlc2.TLC -workers 1`, of `byzverify export --to tla`",
        _tlc,
        lambda size: ("java", "-XX:+UseSerialGC", "-Xmx8g", "-cp", str(jar()), "tlc2.TLC", "-workers", "1", "om.tla"),
        lambda size: (_export(size, "tla", "om.tla"),),
        proved=Verdict(0, "no error has been found"),
        refuted=Verdict(12, "is violated"),
        needs=("java", "tla2tools.jar"),
    ),
    Contestant(
        "brute force",
        "a program of one page that plays every run, in plain Python (`tests/benchmarks/enumeration.py`)",
        lambda: f"Python {platform.python_version()}",
        _script("enumeration.py"),
    ),
)
