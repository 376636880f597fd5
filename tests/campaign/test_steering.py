"""Steered votes: the lies do to a vote in the simulator what they were chosen for, and break nothing proved."""

import random
from typing import Any

import pytest

from byzverify.campaign.steering import steered
from byzverify.catalogue import library
from byzverify.language import ATTACK, IC1, General, Order, Problem, Program, Protocol, broadcast, count, ite
from byzverify.language.faults import Fault, faults_of
from byzverify.language.values import RETREAT
from byzverify.limits import NO_LIMIT
from byzverify.simulation.judging import judge
from byzverify.simulation.rounds import run

SEEN: list[int] = []


class Quorum(Protocol):
    """Everyone says ATTACK or not; four votes decide. What was counted is noted."""

    problem = Problem("consensus", (IC1,), has_commander=False)

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        number = count(votes, ATTACK)
        if type(votes[0]) is Order:
            SEEN.append(sum(1 for vote in votes if vote.name == "ATTACK"))
        return ite(number >= 4, ATTACK, RETREAT)


def test_a_vote_is_steered_to_just_reach_and_just_miss_its_threshold() -> None:
    protocol = Quorum(n=6)
    trials = dict(steered(protocol, faults_of({0, 1}), random.Random(0), NO_LIMIT))
    counted = {}
    for what, trial in trials.items():
        SEEN.clear()
        run(protocol, trial.faults, trial.orders, trial.strategy)
        counted[what] = set(SEEN)
    assert 4 in counted["a vote of 6 just reaches 4"]
    assert 3 in counted["a vote of 6 just misses 4"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "size", "traitors"),
    [
        ("om", {"n": 7, "m": 2}, {5, 6}),
        ("om", {"n": 7, "m": 2}, {0, 3}),
        ("om", {"n": 4, "m": 1, "values": 3}, {0}),
        ("phase_king", {"n": 7, "m": 2}, {0, 4}),
        ("sm", {"n": 5, "m": 2}, {0, 2}),
        ("gradecast", {"n": 4, "m": 1}, {0}),
        ("eig", {"n": 4, "m": 1}, {3}),
    ],
)
def test_steered_votes_are_possible_and_break_nothing_that_is_proved(
    model: str, size: dict[str, Any], traitors: set[int]
) -> None:
    protocol = library.configured(model, **size)
    trials = list(steered(protocol, faults_of(traitors), random.Random(0), NO_LIMIT))
    assert trials
    for _, trial in trials:
        done = run(protocol, trial.faults, trial.orders, trial.strategy)
        assert done.bent == []
        assert all(judgement.holds for judgement in judge(done))


def test_lapses_are_steered_too() -> None:
    protocol = library.configured("om", n=5, m=1)
    trials = list(steered(protocol, {4: Fault.OMISSION}, random.Random(0), NO_LIMIT))
    assert any(trial.said for _, trial in trials)
    for _, trial in trials:
        done = run(protocol, trial.faults, trial.orders, trial.strategy)
        assert all(lie.said.name == "ABSENT" for lie in done.lies)
