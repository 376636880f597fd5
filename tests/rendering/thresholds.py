"""Thresholds of every kind that a story and a page tell, and a run in which four loyal generals come to each."""

from collections.abc import Callable, Sequence

from byzverify.attacks.run_log import RunLog
from byzverify.language import (
    ABSENT,
    ATTACK,
    CONSENSUS,
    RETREAT,
    TRUE,
    General,
    Order,
    Program,
    Protocol,
    Truth,
    broadcast,
    count,
    how_many,
    ite,
)
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.judging import Replay
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Deviation
from byzverify.stories.reasoning import Reasoning, VoteCount

THRESHOLDS: dict[str, Callable[[Sequence[Order], int], Truth]] = {
    "two for each": lambda votes, n: 2 * count(votes, ATTACK) > n,
    "three for each": lambda votes, n: 3 * count(votes, ATTACK) > 2 * n,
    "the same votes added": lambda votes, n: count(votes, ATTACK) + count(votes, ATTACK) > n,
    "a vote is set": lambda votes, n: 2 * count([RETREAT, *votes[1:]], ATTACK) > n,
    "a vote is set to agree": lambda votes, n: 2 * count([ATTACK, *votes[1:]], ATTACK) > n,
    "a truth is added": lambda votes, n: 2 * (count(votes, ATTACK) + how_many([TRUE])) > n + 2,
    "another count is added": lambda votes, n: 2 * (count(votes, ATTACK) + count([RETREAT], RETREAT)) > n + 2,
    "either of two": lambda votes, n: 2 * count(votes, ATTACK) + 2 * count(votes, ABSENT) > n,
    "a lead, doubled": lambda votes, n: 2 * count(votes, ATTACK) > 2 * count(votes, RETREAT),
    "a majority but for": lambda votes, n: count(votes, ABSENT) + 2 * count(votes, ATTACK) > n,
    "a majority but for, doubled": lambda votes, n: 4 * count(votes, ATTACK) + 2 * count(votes, ABSENT) > 2 * n,
    "one order weighs more": lambda votes, n: 3 * count(votes, ATTACK) + count(votes, ABSENT) > n + 2,
    "some votes weigh more": lambda votes, n: count(votes, ATTACK) + count(votes[1:], ATTACK) > n,
    "each for an order of its own": lambda votes, n: how_many([votes[0] == ATTACK, votes[3] == RETREAT]) >= 1,
    "some votes and one order": lambda votes, n: (
        2 * count(votes, ATTACK) + count(votes[1:], ATTACK) - 2 * count(votes[1:], RETREAT) > 1
    ),
}


class Counts(Protocol):
    """Attacks if the votes are enough, as its parameter says."""

    kind: str = "two for each"
    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return ite(THRESHOLDS[self.kind]([inbox[j] for j in self.generals], self.n), ATTACK, RETREAT)


def run_with(kind: str) -> RunLog:
    """Generals 0 and 1 would attack, 2 and 3 retreat; general 4, a traitor, lies to 0 and to 2."""
    orders = {0: ATTACK, 1: ATTACK, 2: RETREAT, 3: RETREAT, 4: ATTACK}
    lies = Deviation(Behaviour(said={(1, 4, 0, ()): RETREAT, (1, 4, 2, ()): ABSENT}))
    return RunLog(Replay.of(run(Counts(n=5, kind=kind), {4}, orders, lies)))


def tally_of(log: RunLog, general: General) -> VoteCount:
    """The one count in a general's decision."""
    reasoning = Reasoning(log)
    (step,) = reasoning.nearest(reasoning.conclusions(general)[()])
    tally = reasoning.tally(step)
    assert tally is not None
    return tally
