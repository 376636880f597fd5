"""The list of our own mutants that survive, held against the text; `nox -s mutants` does the rest."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import byzverify

LISTED = tomllib.loads(Path(__file__).with_name("ourselves.toml").read_text(encoding="utf-8"))["survivors"]


def titles() -> list[str]:
    return [title for group in LISTED for title in group["mutants"]]


def befores(change: str) -> Iterator[str]:
    """What the lines can have been before the change: the arrow can also be one of theirs."""
    parts = change.split(" -> ")
    return (" -> ".join(parts[:end]) for end in range(1, len(parts)))


def test_every_survivor_has_a_reason_and_only_one() -> None:
    assert all(group["reason"] for group in LISTED)
    assert len(set(titles())) == len(titles())


def test_every_survivor_changes_a_text_that_is_still_there() -> None:
    for title in titles():
        place, _, change = title.partition(": ")
        path, _, _ = place.partition(", ")
        source = " ".join((Path(byzverify.__file__).parent / path).read_text(encoding="utf-8").split())
        assert any(before in source for before in befores(change)), title
