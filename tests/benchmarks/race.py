"""The same questions for everybody: how long each contestant takes, size by size, until it exceeds the limit.

This module knows when to stop asking. It does not know who the contestants are, nor how what they take is shown.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.contestants import Contestant, Size
from tests.benchmarks.measuring import Cost, Limit, Verdict, measure, run

MADE = Verdict(0, "")
NOTHING = Cost(0.0, 0.0)

Told = Callable[[str], None]


@dataclass(frozen=True)
class Heat:
    """What one contestant took for one size; `made` is for what was made beforehand."""

    made: Cost
    cost: Cost

    @property
    def stopped(self) -> str:
        """Why there is no answer, if there is none."""
        return self.made.stopped or self.cost.stopped


Results = dict[str, dict[Size, Heat]]
"""By the contestant's name and the size; nothing where it was not asked."""


def race(contestants: Sequence[Contestant], sizes: Iterable[Size], limit: Limit, told: Told) -> Results:
    """Ask everybody, each until it exceeds the limit once. Raises WrongVerdict."""
    results: Results = {contestant.name: {} for contestant in contestants}
    running = list(contestants)
    for size in sizes:
        for contestant in [one for one in running if size.n >= one.fewest]:
            heat = ask(contestant, size, limit)
            told(f"{size}: {contestant.name}: {heat.stopped or f'{heat.cost.seconds:.2f} s'}")
            results[contestant.name][size] = heat
            if heat.stopped:
                running.remove(contestant)
    return results


def ask(contestant: Contestant, size: Size, limit: Limit) -> Heat:
    """One contestant, one size. Raises WrongVerdict."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        made = NOTHING
        for command in contestant.made(size) if contestant.made else ():
            made += run(command, MADE, limit, folder)
            if made.stopped:
                return Heat(made, NOTHING)
        return Heat(made, measure(contestant.asked(size), contestant.expected(size), limit, folder))
