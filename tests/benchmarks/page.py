"""docs/performance.md as a whole: the template beside this file, with what was measured in its places.

This module knows what the page is made of. It measures nothing and computes nothing.
"""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

import psutil

from tests.benchmarks import tables
from tests.benchmarks.contestants import Contestant, Size
from tests.benchmarks.enumeration import how_many_runs
from tests.benchmarks.everywhere import Everywhere
from tests.benchmarks.existence import Existence
from tests.benchmarks.growth import Curve, Panel, picture
from tests.benchmarks.measuring import SHORT, Cost, Limit
from tests.benchmarks.published import Reported
from tests.benchmarks.questions import Question, patient
from tests.benchmarks.race import Heat, Results
from tests.benchmarks.reach import Reach

TEMPLATE = Path(__file__).with_name("performance.template")


@dataclass(frozen=True)
class Measured:
    """All that is on the page."""

    limit: Limit
    contestants: Sequence[Contestant]
    questions: Sequence[tuple[Question, Cost]]
    proofs: Results
    attacks: Results
    reaches: Sequence[Reach]
    published: Sequence[tuple[Reported, Cost]]
    everywhere: Sequence[tuple[Everywhere, Cost, Cost]]
    existence: Sequence[tuple[Existence, Cost]]


def page(measured: Measured) -> str:
    """The text."""
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        machine=f"Here: {os.cpu_count()} CPUs, {platform.system()}, Python {platform.python_version()}.",
        short=f"{SHORT:g}",
        own=tables.shown(psutil.Process().memory_info().rss / 1e6),
        patience=patient(measured.limit),
        limit=measured.limit,
        questions=tables.of_questions(measured.questions),
        contestants="\n".join(f"- **{one.name}**: {one.how}. {one.versions()}." for one in measured.contestants),
        proof_seconds=tables.of_race(measured.proofs, tables.seconds),
        proof_megabytes=tables.of_race(measured.proofs, tables.megabytes),
        attack_seconds=tables.of_race(measured.attacks, tables.seconds),
        attack_megabytes=tables.of_race(measured.attacks, tables.megabytes),
        making=tables.of_making(measured.proofs, measured.contestants),
        runs=f"{how_many_runs(7, 2):,}",
        distance=tables.of_distance(measured.proofs.get("CaDiCaL", {})),
        orders=f"{Size(31, 10).orders:,}",
        reach=tables.of_reach(measured.reaches),
        published=tables.of_published(measured.published),
        everywhere=tables.of_proofs(measured.everywhere),
        existence=tables.of_existence(measured.existence),
    )


def growth(results: Results, limit: Limit) -> str:
    """The picture."""
    panels = (
        Panel("Seconds", "s", limit.seconds, curves(results, tables.seconds, "s")),
        Panel("Peak megabytes", "MB", limit.megabytes, curves(results, tables.megabytes, "GB")),
    )
    said = "; ".join(f"{name}: {_in_words(heats)}" for name, heats in results.items())
    title = "What proving OM(m) with n = 3m+1 generals takes"
    return picture(panels, title, f"Time and memory against n, on logarithmic scales. {said}.")


def curves(results: Results, number: tables.Number, unit: str) -> dict[str, Curve]:
    """A curve for each contestant, which leads to the limit where it is this one that he exceeded."""
    return {name: _curve(heats, number, unit) for name, heats in results.items()}


def _curve(heats: Mapping[Size, Heat], number: tables.Number, unit: str) -> Curve:
    points = {size.n: number(heat.cost) for size, heat in heats.items() if not heat.stopped}
    return Curve(points, next((size.n for size, heat in heats.items() if heat.stopped.endswith(f" {unit}")), None))


def _in_words(heats: Mapping[Size, Heat]) -> str:
    done = [(size, heat.cost) for size, heat in heats.items() if not heat.stopped]
    if not done:
        return "no answer"
    size, cost = done[-1]
    return f"up to n = {size.n}, in {tables.shown(cost.seconds)} s and {tables.shown(cost.megabytes)} MB"
