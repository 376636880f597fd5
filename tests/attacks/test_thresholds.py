"""Thresholds are told in votes, unless some of them really weigh more than others."""

import pytest

from byzverify.language.decisions import written
from byzverify.stories.deliberations import followed
from byzverify.stories.phrases import threshold
from tests.rendering.thresholds import THRESHOLDS, run_with, tally_of

TOLD = {
    "two for each": "ATTACK from 2 of 5: too few, 3 needed",
    "three for each": "ATTACK from 2 of 5: too few, 4 needed",
    "the same votes added": "ATTACK from 2 of 5: too few, 3 needed",
    "a vote is set": "ATTACK from 2 of 4: too few, 3 needed",
    "a vote is set to agree": "ATTACK from 2 of 4: enough, 2 needed",
    "a truth is added": "ATTACK from 2 of 5: too few, 3 needed",
    "another count is added": "ATTACK from 2 of 5: too few, 3 needed",
    "either of two": "ATTACK or nothing from 3 of 5: enough, 3 needed",
    "a lead, doubled": "ATTACK 2 against RETREAT 2: too few, a lead of 1 needed",
    "a majority but for": "ATTACK from 2 of 4 that are not nothing: no majority",
    "a majority but for, doubled": "ATTACK from 2 of 4 that are not nothing: no majority",
    "one order weighs more": (
        "RETREAT 2 : ATTACK 2 : nothing 1; counting ATTACK as 3, nothing as 1, they come to 7: too few, 8 needed"
    ),
    "some votes weigh more": "ATTACK weighs 4 of 9: too few, 6 needed",
    "each for an order of its own": "RETREAT 1 : ATTACK 1; by their weights, they come to 0: too few, 1 needed",
    "some votes and one order": (
        "RETREAT 2 : ATTACK 2 : nothing 1; by their weights, they come to 4: enough, 2 needed"
    ),
}
"""What general 2 counts, who has RETREAT himself and hears ATTACK twice, RETREAT and nothing."""


def test_every_kind_is_told_here() -> None:
    assert set(TOLD) == set(THRESHOLDS)


@pytest.mark.parametrize("kind", THRESHOLDS)
def test_a_threshold_is_told_in_votes_unless_they_weigh_differently(kind: str) -> None:
    assert threshold(tally_of(run_with(kind), 2)) == TOLD[kind]


@pytest.mark.slow
@pytest.mark.parametrize("kind", THRESHOLDS)
def test_what_is_counted_reaches_what_is_needed_exactly_if_the_threshold_is_true(kind: str) -> None:
    for general in range(4):
        tally = tally_of(run_with(kind), general)
        assert tally.least is not None
        assert (sum(vote.weight for vote in tally.votes) >= tally.least) == written(tally.step.value)


def lines_below(kind: str) -> list[str]:
    """The votes under the one count of general 2, as explain shows them."""
    deliberation, _ = followed(run_with(kind).replay, 2)
    (top,) = deliberation.lines
    return [f"{line.value} {line.text}" for line in top.below]


def test_a_vote_that_counts_twice_says_so() -> None:
    lines = lines_below("some votes weigh more")
    assert "RETREAT his own order at the start" in lines
    assert "ATTACK from 0 in round 1, counted twice" in lines


@pytest.mark.parametrize("kind", ["a truth is added", "another count is added"])
def test_what_is_added_to_the_votes_is_no_vote(kind: str) -> None:
    assert not any("set by the program" in line for line in lines_below(kind))
