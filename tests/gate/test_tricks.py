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


@pytest.mark.parametrize("path", TRICKS, ids=lambda path: path.stem)
def test_the_engine_does_not_prove_what_is_broken(path: Path) -> None:
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
