"""Where each model stops: the largest instance at its published bound that byzverify proves within the limit.

This module knows the models' names and bounds. How far each goes it finds out.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.benchmarks.contestants import BYZVERIFY, PROVED
from tests.benchmarks.measuring import Command, Cost, Limit, measure


@dataclass(frozen=True)
class Ladder:
    """A model and its instances at the bound n = per_traitor·m + more, each step with one traitor more.

    faults: how many fail in each mode, if not m in the byzantine one.
    """

    model: str
    per_traitor: int
    more: int = 1
    faults: str = ""

    def generals(self, m: int) -> int:
        """How many generals the published bound asks for."""
        return self.per_traitor * m + self.more

    @property
    def bound(self) -> str:
        """The bound, in words."""
        factor = "" if self.per_traitor == 1 else str(self.per_traitor)
        return f"n = {factor}m+{self.more}" + (f", {self.faults}" if self.faults else "")

    def arguments(self, m: int) -> Command:
        """What byzverify is asked."""
        faults = ("--faults", self.faults.replace("=m", f"={m}")) if self.faults else ()
        return ("check", self.model, "-n", str(self.generals(m)), "-m", str(m), *faults)


LADDERS = (
    Ladder("phase_king", 3),
    Ladder("phase_king_two_round", 4),
    Ladder("phase_queen", 4),
    Ladder("turpin_coan", 3),
    Ladder("eig", 3),
    Ladder("z", 2, faults="manifest=m"),  # against others its published bound is refuted
    Ladder("omh", 3, 2, faults="byzantine=m,manifest=1"),
    Ladder("sm", 1, 2),
    Ladder("dolev_strong", 1, 2),
    Ladder("gradecast", 3),
    Ladder("crusader", 3),
)


MOST = 1000
"""Instances with more generals are refused."""


@dataclass(frozen=True)
class Reach:
    """The last m that a ladder's instances are proved for, with its cost, and the next one, with what stopped it."""

    ladder: Ladder
    last: int
    cost: Cost | None
    next: int
    stopped: str


def reach(ladder: Ladder, limit: Limit, told: Callable[[str], None]) -> Reach:
    """Find out how far a ladder goes: twice as far each time until it is too far, then in between."""
    costs: dict[int, Cost] = {}
    good, bad = 0, 0
    while bad != good + 1:
        m = (good + bad) // 2 if bad else max(1, 2 * good)
        costs[m] = _measured(ladder, m, limit)
        told(f"{' '.join(ladder.arguments(m))}: {costs[m].stopped or f'{costs[m].seconds:.2f} s'}")
        good, bad = (good, m) if costs[m].stopped else (m, bad)
    return Reach(ladder, good, costs.get(good), bad, costs[bad].stopped)


def _measured(ladder: Ladder, m: int, limit: Limit) -> Cost:
    if ladder.generals(m) > MOST:
        return Cost(0.0, 0.0, f"> {MOST:,} generals")
    return measure((*BYZVERIFY, *ladder.arguments(m)), PROVED, limit)
