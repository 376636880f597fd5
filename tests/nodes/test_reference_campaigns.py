"""Whole campaigns against the programs in `examples/nodes/`: they stand and fall exactly where the models say.

What takes longest is left to `nox -s slow`.
"""

from typing import Any

import pytest

from byzverify.campaign.campaign import ATTACKS, Campaign, run_campaign
from byzverify.models.om import OM
from byzverify.nodes.team import Command, Team
from byzverify.questions.verdict import Proved, Refuted
from tests.nodes.references import FLAT, LANGUAGES, PATIENCE, References


def campaign(node: Command, n: int, m: int, attacks: int) -> Campaign:
    return run_campaign(OM(n=n, m=m), Team(node), attacks=attacks, deadline=PATIENCE, keep_going=True)


def whole(n: int, m: int) -> list[Any]:
    """Every language at this size, with as many attacks as a campaign has."""
    longest = pytest.mark.campaign if n >= 10 else pytest.mark.slow
    return [pytest.param(language, n, m, ATTACKS, marks=longest) for language in LANGUAGES]


@pytest.mark.parametrize(("language", "n", "m", "attacks"), [*whole(7, 2), *whole(10, 3)])
def test_a_reference_survives_where_the_model_is_proved(
    command: References, language: str, n: int, m: int, attacks: int
) -> None:
    ended = campaign(command(language), n, m, attacks)
    assert isinstance(ended.verdict, Proved)
    assert ended.exit_code == 0
    assert len(ended.played) == attacks + 2
    assert all(played.as_model for played in ended.played)


@pytest.mark.parametrize(("language", "n", "m", "attacks"), whole(6, 2))
def test_a_reference_falls_where_the_model_does_and_in_the_same_way(
    command: References, language: str, n: int, m: int, attacks: int
) -> None:
    ended = campaign(command(language), n, m, attacks)
    assert isinstance(ended.verdict, Refuted)
    assert ended.verdict.smallness is not None
    assert ended.broken is not None
    assert ended.broken.lies == ended.verdict.smallness.lies == 6
    assert all(played.as_model for played in ended.played)


@pytest.mark.slow
def test_the_program_that_is_wrong_is_caught_by_a_small_attack() -> None:
    ended = run_campaign(OM(n=7, m=2), Team(FLAT), deadline=PATIENCE)
    assert ended.broken is not None
    assert ended.shrunk
    assert ended.broken.lies <= 4
