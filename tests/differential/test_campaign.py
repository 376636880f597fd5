"""The checker against brute force, on random protocols.

`pytest -m slow` takes a hundred, the same ones every time, and new ones, as many as
the environment variable BYZVERIFY_CASES says. Whatever fails is shrunk, and printed as Python that can be pasted here.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, find, given, settings

from tests.differential import syntax
from tests.differential.cases import Case, Examined, examined
from tests.differential.protocols import cases

SHARES = {
    "something refuted": 0.3,
    "nothing refuted": 0.05,
    "something proved": 0.25,
    "something proved of those who are lied to": 0.1,
    "folded": 0.2,
    "not folded: generals are told apart": 0.1,
    "signed": 0.05,
    "reads messages of several fields": 0.1,
    "on a graph": 0.1,
    "with a commander": 0.2,
    "without a commander": 0.2,
    **dict.fromkeys(("byzantine", "symmetric", "omission", "crash", "manifest"), 0.02),
}
"""Of all cases, what part must at least be so: a campaign that finds nothing must have looked everywhere.

Many cases vary an earlier one, so of a few hundred the parts differ widely from run to run.
"""


def traits(one: Examined) -> Iterator[str]:
    """What is counted of a case, and `runs` for the runs of brute force."""
    yield from ["run"] * one.found.runs
    proved, program = one.proved, one.case.program
    if one.verdict is None:
        yield "nothing to prove"
    if one.found.broken:
        yield "something refuted"
    else:
        yield "nothing refuted"
    if proved & one.found.varied:
        yield "something proved"
    if proved & one.found.swayed:
        yield "something proved of those who are lied to"
    if one.folded:
        yield "folded"
    elif program.groups != "none":
        yield "not folded: generals are told apart"
    if "Shown" in repr(program):
        yield "signed"
    if "Field" in repr(program) or "Came" in repr(program):
        yield "reads messages of several fields"
    if one.case.graph:
        yield "on a graph"
    yield "with a commander" if program.has_commander else "without a commander"
    yield from one.case.budget


def campaign(chosen: settings, most_runs: int, folder: Path) -> Counter[str]:
    """Examine random cases, and count them.

    Hypothesis likes to vary what it has drawn; a program is taken once, unless something has failed and is to shrink.
    """
    tally: Counter[str] = Counter()
    seen: set[str] = set()
    failed: list[Case] = []

    @settings(chosen, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cases(most_runs))
    def everything_agrees(case: Case) -> None:
        text = repr((case.program.rounds, case.program.decision))
        if text in seen and not failed:
            return
        failed.append(case)
        one = examined(case, folder)
        assert one.found.runs <= most_runs
        failed.remove(case)
        seen.add(text)
        tally.update(["case", *traits(one)])

    everything_agrees()
    return tally


def lacking(tally: Counter[str]) -> list[str]:
    """What there were too few of: fewer than the share, less three standard deviations."""
    expected = {trait: share * tally["case"] for trait, share in SHARES.items()}
    return [f"{tally[trait]} {trait}" for trait, wanted in expected.items() if tally[trait] < wanted - 3 * sqrt(wanted)]


@pytest.mark.slow
def test_random_protocols(tmp_path: Path) -> None:
    tally = campaign(settings(max_examples=100, derandomize=True), 500, tmp_path)
    assert tally["case"] >= 30
    assert lacking(tally) == []


@pytest.mark.slow
def test_many_random_protocols(tmp_path: Path) -> None:
    wanted = int(os.environ.get("BYZVERIFY_CASES", "5000"))
    tally = campaign(settings(max_examples=wanted, print_blob=True), 5000, tmp_path)
    print("\n".join(f"{number:8} {trait}" for trait, number in tally.most_common()))
    assert lacking(tally) == []


@pytest.mark.slow
def test_what_fails_shrinks_to_something_readable_that_can_be_pasted() -> None:
    def fails(case: Case) -> bool:
        return "Plurality" in repr(case.program.decision)

    chosen = settings(max_examples=100, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    shrunk = find(cases(100), fails, settings=chosen)
    assert len(repr(shrunk)) < 200
    assert eval(repr(shrunk), {**vars(syntax), "Case": Case}) == shrunk
