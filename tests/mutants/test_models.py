"""Every weakened variant of every model must be refuted somewhere in the manifest, or be listed with the reason.

The variants, *mutants*, are made mechanically from the model's text: every one is the model with one place of its
program changed as by somebody who gets it wrong: a threshold off by one, one round short, a part of a conjunction or
a filter left out, a negation forgotten, one vote left out. Only the program is changed, not what the model claims or
refuses. A mutant that breaks a rule of the language, or fails as a Python program, is not counted: nobody could run
it.
"""

import inspect
import tomllib
from pathlib import Path

import pytest

import byzverify
from byzverify.campaign.mutants import Mutant, mutants
from byzverify.catalogue import configurations, library
from byzverify.errors import ProtocolError, UsageError
from byzverify.models import om

SURVIVORS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("survivors.toml").read_text(encoding="utf-8")
)
"""The mutants that nothing refutes, by model, with the reason why each is as good as the model."""

LONGEST = 20_000_000
"""Steps for one check of a mutant."""


class Stillborn(Exception):
    """The mutant cannot be run."""


def survives(mutant: Mutant, grid: list[configurations.Expectation]) -> bool:
    """Whether every check in the grid, which proves the model, proves the mutant."""
    for entry in grid:
        try:
            model = mutant.build()(**library.parameters_of(entry.build()))
            verdict = byzverify.check(model, entry.budget(), steps=LONGEST)
        except (ProtocolError, UsageError, TypeError, NameError) as error:
            raise Stillborn from error
        assert not isinstance(verdict, byzverify.Unknown), f"{mutant.title}: {verdict.reason}"
        if isinstance(verdict, byzverify.Refuted):
            return False
    return True


def test_mutants_can_be_made_of_a_file_whose_annotations_are_texts(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("from __future__ import annotations\n" + inspect.getsource(om).replace(om.__doc__ or "", ""))
    made = mutants(library.find(f"{file}:OM"))
    assert made
    for mutant in made:
        assert library.build(mutant.build(), {"n": 4, "m": 1}).n == 4


QUICK = ("om", "eig", "crusader")
"""The models whose mutants are tried in every run."""


@pytest.mark.parametrize(
    "model", [pytest.param(name, marks=[] if name in QUICK else pytest.mark.campaign) for name in library.names()]
)
def test_every_weakened_variant_is_refuted_or_listed_with_the_reason(model: str) -> None:
    grid = [entry for entry in configurations.manifest() if entry.model == model and entry.verdict == "proved"]
    grid.sort(key=lambda entry: entry.messages)
    surviving = set()
    born = 0
    for mutant in mutants(library.find(model)):
        try:
            surviving |= {mutant.title} if survives(mutant, grid) else set()
            born += 1
        except Stillborn:
            continue
    assert born > 0
    assert surviving == set(SURVIVORS.get(model, {}))


def test_every_survivor_has_a_reason() -> None:
    assert all(reason for listed in SURVIVORS.values() for reason in listed.values())
