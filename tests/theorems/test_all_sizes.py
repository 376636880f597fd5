"""What `prove` says of each model, against the tables of the documentation. The seconds in them are not compared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import byzverify
from byzverify.errors import UsageError

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "docs" / "explanation" / "all-sizes.md"]
ROW = re.compile(r"\| `(\w+)`(?:, (\d) orders)? \| (n > [^|]+) \| ([\w ]+) \| \d+ \|")
REASONS = re.compile(r"\| ((?:`\w+`(?:, )?)+) \| [^|]+ \|")


def proved(page: Path) -> dict[str, tuple[str, str, str]]:
    """The models that a page says are proved: for which sizes, by what argument, and for how many orders."""
    return {name: (sizes, by, orders or "2") for name, orders, sizes, by in ROW.findall(page.read_text("utf-8"))}


def not_proved(page: Path) -> set[str]:
    """The models of which a page says why they are not proved."""
    table = page.read_text("utf-8").partition("| model | not proved, because |\n| --- | --- |\n")[2]
    table = table.partition("\n\n")[0]
    return {name for row in REASONS.findall(table) for name in re.findall(r"\w+", row)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_model_is_in_one_of_the_tables(page: Path) -> None:
    assert {*proved(page)} | not_proved(page) == {*byzverify.list_models()}
    assert not {*proved(page)} & not_proved(page)
    assert proved(page) == proved(PAGES[0])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if by != "phases" or name == "phase_king" else pytest.mark.slow)
        for name, (_, by, _) in proved(PAGES[0]).items()
    ],
)
def test_a_model_is_proved_for_the_sizes_and_by_the_argument_that_the_tables_say(name: str) -> None:
    verdict = byzverify.prove(byzverify.list_models()[name])
    assert verdict.verdict == "proved"
    assert (verdict.statement, verdict.argument, str(verdict.orders)) == proved(PAGES[0])[name]
    assert verdict.confirmed.checked
    assert verdict.confirmed.simulated


@pytest.mark.parametrize("name", sorted(not_proved(PAGES[0])))
def test_a_model_that_is_not_proved_says_why(name: str) -> None:
    model = byzverify.list_models()[name]
    if name in ("dolev_relay", "readme_program"):
        with pytest.raises(UsageError, match="claims nothing"):
            byzverify.prove(model)
    else:
        verdict = byzverify.prove(model)
        assert (verdict.verdict, verdict.exit_code) == ("unknown", 3)
        assert verdict.reason
