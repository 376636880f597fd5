"""Questions about every protocol, with what the theory answers and how fast byzverify should be.

Whether a target is met it shows and never asserts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.benchmarks.contestants import BYZVERIFY
from tests.benchmarks.measuring import Command, Cost, Limit, Verdict, measure
from tests.benchmarks.race import Told

IMPOSSIBLE = Verdict(1, "impossible")
SOLVABLE = Verdict(0, "solvable")


@dataclass(frozen=True)
class Existence:
    """A question about every protocol. options: what is asked. verdict: the answer. target: how long it may take."""

    options: str
    verdict: Verdict
    target: str = ""

    @property
    def command(self) -> Command:
        """The question as a command."""
        return ("solvable", *self.options.split())


EXISTENCE = (
    Existence("-n 3 -t 1", IMPOSSIBLE, "1 s"),
    Existence("-n 4 -t 1 --rounds 2", SOLVABLE),
    Existence("-n 7 -t 2 --rounds 2", IMPOSSIBLE, "2 s"),
    Existence("-n 12 -t 2 --rounds 2", IMPOSSIBLE, "5 s"),
    Existence("-n 7 -t 2 --rounds 3", SOLVABLE, "30 s, 4 GB"),
    Existence("-n 6 --faults crash=2 --rounds 2", IMPOSSIBLE, "10 s"),
    Existence("-n 4 -t 2 --rounds 3 --signed", SOLVABLE),
    Existence("--graph wheel:7 -t 1", SOLVABLE),
    Existence("-n 9 -t 2 --rounds 2 --problem graded", SOLVABLE),
)


def existences(asked: Sequence[Existence], limit: Limit, told: Told) -> Iterator[tuple[Existence, Cost]]:
    """What each question takes, one after the other. Raises WrongVerdict."""
    for one in asked:
        cost = measure((*BYZVERIFY, *one.command), one.verdict, limit)
        told(f"{' '.join(one.command)}: {cost.stopped or f'{cost.seconds:.2f} s'}")
        yield one, cost
