"""How long byzverify takes, and how much memory, beside a hand-written z3 encoding asked the same in one run.

    python tests/benchmarks/run.py [--quick]

prints a Markdown table. What is measured is whole processes, from start to exit, as the operating system
accounts for them. The exit code is 1 if a process does not give the verdict that the theorem gives, and 0
otherwise, however slow: seconds depend on the machine, so speed is shown, as a ratio within one run and beside
a target, and is never asserted.

This file knows command lines and their verdicts. It must not import byzverify or z3: the peak memory of a
child is at least what its parent held when it was started, so this process has to stay small.
"""

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Timer
from time import perf_counter

BYZVERIFY = (sys.executable, "-P", "-m", "byzverify")
HANDWRITTEN = (sys.executable, str(Path(__file__).with_name("handwritten.py")))
LIMIT = 180.0
"""Seconds after which a process is killed."""
SHORT = 3.0
"""What takes less than so many seconds is measured three times."""
LARGE = 15
"""--quick leaves out so many generals and more."""
BYTES_IN_MAXRSS = 1 if sys.platform == "darwin" else 1024

HEADER = "| question | seconds | peak MB | hand-written seconds | hand-written MB | ratio | target |"
RULE = "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"


@dataclass(frozen=True)
class Verdict:
    """How a process that gives this verdict ends, and a word that it prints, in any case."""

    exit_code: int
    word: str


PROVED = Verdict(0, "proved")
ATTACK = Verdict(1, "refuted")


@dataclass(frozen=True)
class Question:
    """OM(m) with n generals: is it safe?"""

    n: int
    m: int
    target: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """What byzverify is asked."""
        return ("check", "om", "-n", str(self.n), "-m", str(self.m))

    @property
    def expected(self) -> Verdict:
        """LSP 1982, Theorem 1: OM(m) is correct for more than 3m generals, and nothing is for 3m."""
        return PROVED if self.n > 3 * self.m else ATTACK


HELP_TARGET = "0.2 s"
QUESTIONS = (
    Question(4, 1, "0.6 s"),
    Question(7, 2, ""),
    Question(10, 3, "1 s"),
    Question(13, 4, "2 s"),
    Question(16, 5, "6 s, 600 MB"),
    Question(12, 4, "2 s, with replay"),
    Question(15, 5, "15 s, with replay"),
)


@dataclass(frozen=True)
class Cost:
    """What a process took. `finished` is false if it was killed at the limit: then it would have taken more."""

    seconds: float
    megabytes: float
    finished: bool = True

    @property
    def sign(self) -> str:
        """What to write before the numbers."""
        return "" if self.finished else "> "

    @property
    def cells(self) -> tuple[str, str]:
        """Seconds and megabytes for the table."""
        seconds = f"{self.seconds:.2f}" if self.finished else f"{LIMIT:.0f}"
        return f"{self.sign}{seconds}", f"{self.sign}{self.megabytes:.0f}"


class WrongVerdict(Exception):
    """A process did not end as it must."""


def run(command: tuple[str, ...], expected: Verdict) -> Cost:
    """Run a command once. Raises WrongVerdict if it finishes in time and does not give the expected verdict."""
    with TemporaryFile() as output:
        start = perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        timer = Timer(LIMIT, child.kill)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = perf_counter() - start
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode(errors="replace")
    if seconds < LIMIT:
        insist(command, child.returncode, said, expected)
    return Cost(seconds, usage.ru_maxrss * BYTES_IN_MAXRSS / 1e6, seconds < LIMIT)


def insist(command: tuple[str, ...], exit_code: int, said: str, expected: Verdict) -> None:
    """The exit code alone will not do: Python exits with 1, as for an attack, when a program crashes."""
    if exit_code != expected.exit_code or expected.word not in said.lower():
        wanted = f"exit code {expected.exit_code} and the word {expected.word!r}"
        raise WrongVerdict(f"{' '.join(command)}: {wanted} expected, exit code {exit_code}:\n{said[-2000:]}")


def measure(command: tuple[str, ...], expected: Verdict) -> Cost:
    """One run, or if it is short the medians of three."""
    first = run(command, expected)
    if first.seconds >= SHORT or not first.finished:
        return first
    runs = [first, run(command, expected), run(command, expected)]
    return Cost(median(cost.seconds for cost in runs), median(cost.megabytes for cost in runs))


def row(question: Question) -> str:
    """The table's row for a question. Raises WrongVerdict."""
    ours = measure((*BYZVERIFY, *question.arguments), question.expected)
    if not ours.finished:
        raise WrongVerdict(f"{' '.join(question.arguments)}: no verdict in {LIMIT:.0f} s")
    theirs = measure((*HANDWRITTEN, str(question.n), str(question.m)), question.expected)
    name = f"`{' '.join(question.arguments)}`" + (", an attack" if question.expected is ATTACK else "")
    ratio = f"{theirs.sign}{theirs.seconds / ours.seconds:.1f}"
    return line(name, *ours.cells, *theirs.cells, ratio, question.target)


CERTIFICATES = ((10, 3, "10 s in all"), (13, 4, "90 s in all, 2 GB"))
"""Sizes of OM(m) at which a certificate is written and checked."""


def certificate_rows(n: int, m: int, target: str) -> Iterator[str]:
    """The rows for writing a certificate, the proof included, and for checking it. Raises WrongVerdict."""
    with TemporaryDirectory() as folder:
        written = run((*BYZVERIFY, *Question(n, m, "").arguments, "--certificate", folder), PROVED)
        yield line(f"`check om -n {n} -m {m} --certificate …`", *written.cells, "", "", "", target)
        yield line("`certify …`", *run((*BYZVERIFY, "certify", folder), Verdict(0, "certified")).cells, "", "", "", "")


SMALLEST = ((6, 2, "1 s"), (9, 3, "5 s"), (12, 4, "60 s"))
"""Sizes of OM(m) at which the smallest attack is found, and proved to be the smallest."""


def smallest_row(n: int, m: int, target: str) -> str:
    """The row for the smallest attack. Raises WrongVerdict."""
    command = (*BYZVERIFY, *Question(n, m, "").arguments, "--minimal")
    cost = measure(command, Verdict(ATTACK.exit_code, "no attack is smaller"))
    return line(f"`check om -n {n} -m {m} --minimal`", *cost.cells, "", "", "", target)


def help_row() -> str:
    """The row for `--help`, which has no hand-written counterpart. Raises WrongVerdict."""
    cost = measure((*BYZVERIFY, "--help"), Verdict(0, "usage"))
    return line("`--help`", *cost.cells, "", "", "", HELP_TARGET)


def line(*cells: str) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def report(questions: list[Question]) -> Iterator[str]:
    """The report, line by line as it becomes known. Raises WrongVerdict."""
    yield f"Python {platform.python_version()}, z3 {version('z3-solver')},"
    yield f"byzverify {version('byzverify')}, {os.cpu_count()} CPUs."
    yield f"Whole processes: the median of three runs for what takes less than {SHORT:.0f} s, else one run."
    yield "The ratio is hand-written seconds to byzverify's. Only byzverify replays and prints the attacks."
    yield ""
    yield HEADER
    yield RULE
    yield help_row()
    yield from map(row, questions)
    for size in CERTIFICATES:
        yield from certificate_rows(*size)
    for size in SMALLEST:
        yield smallest_row(*size)


def main() -> int:
    """Print the report, and give the exit code."""
    parser = argparse.ArgumentParser(description="Measure byzverify next to a hand-written z3 encoding.")
    parser.add_argument("--quick", action="store_true", help=f"leave out n >= {LARGE}")
    quick = parser.parse_args().quick
    try:
        for text in report([question for question in QUESTIONS if not quick or question.n < LARGE]):
            print(text, flush=True)
    except WrongVerdict as wrong:
        print(f"wrong verdict: {wrong}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
