"""Programs in ordinary Python of which the engine could prove something false. Each is broken at a size that it names.

The first line of each file says what is wrong with it. `READ` is what is refused in its text. `SAYS` is what the engine
says when it refuses to run it, if the text is not read before. With neither, the engine understands the program, and a
lemma fails. `TRAITORS` says how many there are, if that is not m.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

import byzverify
from byzverify.engines.parameterized import deciding
from byzverify.engines.parameterized.deciding import Decided, Engine
from byzverify.engines.parameterized.families import Family
from byzverify.errors import ByzverifyError
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT

TRICKS = sorted((Path(__file__).parent / "tricks").glob("*.py"))

REFUSED = {"truth_by_is": "fails in a simulated run", "unknown_word": "the order MAYBE is not one of"}
"""Programs that `check` refuses, too, with what it says."""


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


def decided(module: ModuleType) -> list[Decided]:
    """What the engine says of the lemmas of the protocol in a module."""
    return list(Engine(Family(protocol_in(module), getattr(module, "FIXED", {})), NO_LIMIT).decided())


@pytest.mark.slow
@pytest.mark.parametrize("path", TRICKS, ids=lambda path: path.stem)
def test_the_trick_is_broken_where_it_says(path: Path) -> None:
    module = loaded(path)
    protocol = protocol_in(module)(**module.BROKEN)
    traitors = getattr(module, "TRAITORS", module.BROKEN.get("m", 0))
    assert protocol.tolerates(traitors)
    if path.stem in REFUSED:
        with pytest.raises(ByzverifyError, match=REFUSED[path.stem]):
            byzverify.check(protocol, traitors)
    else:
        assert isinstance(byzverify.check(protocol, traitors), byzverify.Refuted)


@pytest.mark.parametrize("path", TRICKS, ids=lambda path: path.stem)
def test_the_engine_does_not_prove_what_is_broken(path: Path) -> None:
    module = loaded(path)
    says = getattr(module, "READ", getattr(module, "SAYS", None))
    if says is not None:
        with pytest.raises(ByzverifyError, match=says):
            decided(module)
    else:
        assert any(one.holds is False for one in decided(module))


TWICE = [path for path in TRICKS if {"READ", "SAYS"} <= {line.split(" ")[0] for line in path.read_text().splitlines()}]
"""The programs that the engine would refuse to run if their texts were not read before."""


@pytest.mark.parametrize("path", TWICE, ids=lambda path: path.stem)
def test_what_is_refused_in_a_text_is_noticed_when_it_is_run_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "demand_understood", lambda kind, problem: None)
    module = loaded(path)
    with pytest.raises(ByzverifyError, match=module.SAYS):
        decided(module)
