"""Programs in ordinary Python of which the engine could prove something false. Each is broken at a size that it names.

The first line of each file says what is wrong with it.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

import byzverify
from byzverify.engines.parameterized.deciding import Engine
from byzverify.engines.parameterized.families import Family
from byzverify.errors import ByzverifyError
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT

TRICKS = sorted((Path(__file__).parent / "tricks").glob("*.py"))


def loaded(path: Path) -> ModuleType:
    """The module in a file."""
    spec = spec_from_file_location(f"trick_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module


def protocol_in(module: ModuleType) -> type[Protocol]:
    """The protocol that a module defines."""
    (kind,) = (one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__)
    assert issubclass(kind, Protocol)
    return kind


@pytest.mark.parametrize("path", TRICKS, ids=lambda path: path.stem)
def test_the_trick_is_broken_where_it_says(path: Path) -> None:
    module = loaded(path)
    protocol = protocol_in(module)(**module.BROKEN)
    traitors = module.BROKEN.get("m", 0)
    assert protocol.tolerates(traitors)
    try:
        verdict = byzverify.check(protocol, traitors)
    except ByzverifyError as error:
        print(error)
        return
    assert isinstance(verdict, byzverify.Refuted), verdict


BEYOND = {
    "committee_of_votes",
    "counted_in_a_condition",
    "enumerated",
    "length_of_a_list",
    "sum_of_ones",
    "truths_of_nobody",
    "zipped_with_numbers",
    "committee",
    "own_place",
}
"""Tricks that show only in an army that is larger than any that the engine, or a comparison with known sizes, sees."""

TOLD_APART = {"absent_by_is", "number_is_an_int", "size_is_an_int", "truth_by_is"}
"""Tricks by which a program notices that it runs for all sizes. A comparison with simulated runs must find them."""

IN_CONDITIONS = {"second_loyal"}
"""Conditions are judged with one listing of the generals only; a comparison with known sizes must find these."""


@pytest.mark.parametrize("path", TRICKS, ids=lambda path: path.stem)
def test_the_engine_does_not_prove_what_is_broken(path: Path, request: pytest.FixtureRequest) -> None:
    if path.stem in BEYOND | TOLD_APART | IN_CONDITIONS:
        request.applymarker(pytest.mark.xfail(strict=True, reason="the lemmas alone do not show it"))
    module = loaded(path)
    try:
        engine = Engine(Family(protocol_in(module), getattr(module, "FIXED", {})), NO_LIMIT)
        decided = list(engine.decided())
    except ByzverifyError as error:
        print(error)
        return
    asked = {one.lemma.condition for one in decided}
    left_out = [one for one in protocol_in(module).problem.conditions if one not in asked]
    assert left_out or not all(one.holds for one in decided)
