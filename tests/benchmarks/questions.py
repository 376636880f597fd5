"""The questions whose speed has a target: what byzverify is asked, what it must answer, and how fast it should be.

This module knows commands and targets. Whether a target is met it shows and never asserts: seconds depend on the
machine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.contestants import ATTACK, BYZVERIFY, PROVED, Size
from tests.benchmarks.measuring import Command, Cost, Limit, Verdict, measure, run
from tests.benchmarks.race import Told

PATIENCE = 3
"""How many times as long as the limit a question may take before it is given up."""
LARGE = 15
"""--quick leaves out so many generals and more."""


@dataclass(frozen=True)
class Question:
    """What byzverify is asked. once: it leaves something behind, and cannot be asked again."""

    arguments: Command
    expected: Verdict
    target: str = ""
    generals: int = 0
    once: bool = False

    @property
    def name(self) -> str:
        """What it is called in the table."""
        return f"`{' '.join(self.arguments)}`" + (", an attack" if self.expected is ATTACK else "")


def safe(n: int, m: int, target: str = "") -> Question:
    """Whether OM(m) with n generals is safe."""
    size = Size(n, m)
    return Question(("check", *size.options), PROVED if size.safe else ATTACK, target, n)


def certificate(n: int, m: int, target: str) -> Iterator[Question]:
    """Writing a certificate, the proof included, and then checking it."""
    folder = f"om{n}"
    yield Question(("check", *Size(n, m).options, "--certificate", folder), PROVED, target, n, once=True)
    yield Question(("certify", folder), Verdict(0, "certified"), generals=n)


def smallest(n: int, m: int, target: str) -> Question:
    """The smallest attack, found and proved to be the smallest."""
    found = Verdict(ATTACK.exit_code, "no attack is smaller")
    return Question(("check", *Size(n, m).options, "--minimal"), found, target, n)


QUESTIONS = (
    Question(("--help",), Verdict(0, "usage"), "0.2 s"),
    safe(4, 1, "0.6 s"),
    safe(7, 2),
    safe(10, 3, "1 s"),
    safe(13, 4, "2 s"),
    safe(16, 5, "3 s, 400 MB"),
    safe(19, 6, "60 s, 6 GB"),
    safe(31, 10, "wished for"),
    safe(12, 4, "2 s, with replay"),
    safe(15, 5, "6 s, with replay"),
    safe(18, 6, "120 s, with replay"),
    *certificate(10, 3, "10 s in all"),
    *certificate(13, 4, "90 s in all, 2 GB"),
    smallest(6, 2, "1 s"),
    smallest(9, 3, "5 s"),
    smallest(12, 4, "60 s"),
)


def patient(limit: Limit) -> Limit:
    """What a question may take."""
    return replace(limit, seconds=PATIENCE * limit.seconds)


def answers(questions: Sequence[Question], limit: Limit, told: Told) -> Iterator[tuple[Question, Cost]]:
    """Ask one after the other. Raises WrongVerdict."""
    with TemporaryDirectory() as name:
        for question in questions:
            once = run if question.once else measure
            cost = once((*BYZVERIFY, *question.arguments), question.expected, patient(limit), Path(name))
            told(f"{question.name}: {cost.stopped or f'{cost.seconds:.2f} s'}")
            yield question, cost
