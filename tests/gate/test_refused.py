"""Programs whose texts are not in the part of Python that is understood at every size: each was once proved."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import byzverify
from byzverify.catalogue import library
from byzverify.engines.parameterized import deciding
from byzverify.engines.parameterized.deciding import Engine
from byzverify.engines.parameterized.families import Family
from byzverify.errors import ByzverifyError, NotUnderstood, ProtocolError
from byzverify.language.protocol import Protocol
from byzverify.limits import NO_LIMIT

HERE = Path(__file__).parent / "refused"

EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((HERE / "expected.toml").read_text(encoding="utf-8"))

CONTRADICTED = {
    *("global_state", "mark_twice", "absent_as_mark", "interchangeable_states", "interchangeable_remembers"),
    *("default_called_sorted", "partial_as_staticmethod", "another_self", "callable_interchangeable"),
}
"""Programs that `check` refuses: they depend on something else than what their generals are given, or have no marks."""


def kind_of(name: str) -> type[Protocol]:
    return library.find(str(HERE / f"{name}.py") + EXPECTED[name].get("called", ""))


def test_every_program_is_listed() -> None:
    assert set(EXPECTED) == {path.stem for path in HERE.glob("*.py")}


@pytest.mark.parametrize("name", [name for name, one in EXPECTED.items() if "says" in one])
def test_the_text_is_refused(name: str) -> None:
    with pytest.raises((NotUnderstood, ProtocolError)) as refusal:
        list(Engine(Family(kind_of(name), {}), NO_LIMIT).decided())
    assert EXPECTED[name]["says"] in str(refusal.value)


COUNTED = ("zero_and_lieutenants", "generals_and_nobody", "vote_is_not_none", "falls_off_the_end", "chained_comparison")
"""Programs that count the entries of a list in place of the generals behind them, and then compare with some number."""


@pytest.mark.parametrize("name", COUNTED)
def test_what_is_counted_is_compared_if_the_text_is_not_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "demand_understood", lambda kind, problem: None)
    with pytest.raises(NotUnderstood, match="depends on the length of a list"):
        list(Engine(Family(kind_of(name), {}), NO_LIMIT).decided())


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, one in EXPECTED.items() if "says" not in one])
def test_what_is_understood_is_not_proved(name: str) -> None:
    assert any(one.holds is not True for one in Engine(Family(kind_of(name), {}), NO_LIMIT).decided())


@pytest.mark.campaign
@pytest.mark.parametrize("name", [name for name, one in EXPECTED.items() if "sizes" in one])
def test_the_program_is_broken_where_the_list_says(name: str) -> None:
    model = kind_of(name)(**EXPECTED[name]["sizes"])
    assert model.tolerates(EXPECTED[name]["traitors"])
    if name in CONTRADICTED:
        with pytest.raises(ByzverifyError):
            byzverify.check(model, EXPECTED[name]["traitors"])
    else:
        assert isinstance(byzverify.check(model, EXPECTED[name]["traitors"]), byzverify.Refuted)
