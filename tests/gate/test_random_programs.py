"""The engine for all sizes against the finite engine, on random counting protocols.

The default run takes some dozens, the same ones every time, each at several sizes. `pytest -m campaign` takes new ones
every time, as many as the environment variable BYZVERIFY_CASES says. What fails is shrunk, and printed as Python that
can be pasted here.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings

from byzverify.engines.parameterized.lemmas import Lemma
from byzverify.language.faults import Fault
from byzverify.language.protocol import Protocol
from tests.gate.asking import Asked, commanders_fault
from tests.gate.counting import Counted, CountedWithOmissions
from tests.gate.drawing import programs
from tests.gate.finite import Numbers, Remembered, Scene, first_fails
from tests.gate.tree import Written

Cell = tuple[int, int, int, int]
"""n, m, t, and how many generals may have omission faults."""

FEW: Sequence[Cell] = ((1, 0, 0, 0), (2, 0, 0, 0), (3, 1, 0, 0), (3, 1, 1, 0), (4, 1, 1, 0))

OMITTING: Sequence[Cell] = ((2, 0, 0, 0), (3, 1, 0, 0), (2, 0, 0, 1), (3, 1, 0, 1), (3, 1, 1, 1), (4, 1, 0, 1))

MANY: Sequence[Cell] = (*FEW, (3, 2, 2, 0), (4, 2, 1, 0), (4, 1, 2, 0), (5, 1, 1, 0), (5, 2, 2, 0))


def compared(written: Written, cells: Sequence[Cell]) -> Counter[str]:
    """Compare each lemma at each cell with the finite engine, and count the answers."""
    kind = CountedWithOmissions if any(cell[3] for cell in cells) else Counted
    asked = Asked(kind, {"text": repr(written)})
    tally: Counter[str] = Counter()
    for n, m, t, omission in cells:
        protocol = kind(n=n, m=m, text=repr(written))
        sizes = {"n": n, "m": m, "t": t, **({"omission": omission} if kind is CountedWithOmissions else {})}
        for lemma in asked.lemmas:
            fails = Remembered(partial(exactly, protocol, lemma))
            broken = asked.broken(lemma, sizes) is not None
            expected = fails({Fault.BYZANTINE: t, Fault.OMISSION: omission})
            assert broken == expected, f"{kind.__name__} {sizes}: {lemma.name}: {written!r}"
            who = "with traitors" if t or omission else "without traitors"
            tally[f"{'broken' if broken else 'holds'} {who}"] += 1
    return tally


def exactly(protocol: Protocol, lemma: Lemma, numbers: Numbers) -> bool:
    """Whether the condition of a lemma can be broken while exactly so many generals fail."""
    fault = commanders_fault(lemma) if protocol.problem.has_commander else None
    faults = first_fails(protocol.n, fault, numbers)
    assert lemma.condition is not None
    return faults is not None and Scene(protocol, faults).breaks(lemma.condition)


def campaign(chosen: settings, cells: Sequence[Cell]) -> Counter[str]:
    """Compare random programs, and count the answers."""
    tally: Counter[str] = Counter()

    @settings(chosen, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(programs())
    def everything_agrees(written: Written) -> None:
        tally.update(["program"])
        tally.update(compared(written, cells))

    everything_agrees()
    return tally


def demand_both_often(tally: Counter[str]) -> None:
    """Both answers occur often, also with traitors."""
    for answer in ("broken", "holds"):
        for who in ("with traitors", "without traitors"):
            assert tally[f"{answer} {who}"] >= tally["program"] / 4, tally


@pytest.mark.parametrize("cells", [FEW, OMITTING], ids=["byzantine", "omissions"])
def test_random_programs(cells: Sequence[Cell]) -> None:
    tally = campaign(settings(max_examples=25, derandomize=True), cells)
    assert tally["program"] >= 20
    demand_both_often(tally)


@pytest.mark.campaign
@pytest.mark.parametrize("cells", [MANY, OMITTING], ids=["byzantine", "omissions"])
def test_many_random_programs(cells: Sequence[Cell]) -> None:
    wanted = int(os.environ.get("BYZVERIFY_CASES", "5000"))
    tally = campaign(settings(max_examples=wanted, print_blob=True), cells)
    print("\n".join(f"{number:8} {answer}" for answer, number in tally.most_common()))
    demand_both_often(tally)
