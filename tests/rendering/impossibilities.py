"""Chains of executions and covers that were worked out by hand, for the tests of their pictures, texts and pages."""

from __future__ import annotations

from itertools import combinations

from byzverify.language.faults import Fault
from byzverify.scenario.impossibility import (
    CoverScene,
    DoubleCover,
    FaultyRun,
    ProblemName,
    RunChain,
    Setting,
    Story,
)

BYZANTINE, CRASH = Fault.BYZANTINE, Fault.CRASH


def complete(
    n: int, rounds: int | None, *, problem: ProblemName = "broadcast", t: int = 1, mode: Fault = BYZANTINE
) -> Setting:
    """Generals who can all talk to each other, with general 0 as the commander if the problem has one."""
    commander = None if problem == "consensus" else 0
    return Setting(problem, n, tuple(combinations(range(n), 2)), commander, rounds, {mode: t})


def relayed(setting: Setting, teller: int, order: int) -> Story:
    """What a lieutenant passes on in round 2 who says that the commander told him `order`."""
    return {one: order if one == 0 else None for one in range(setting.n) if one != teller}


def one_round() -> RunChain:
    """Four generals, one traitor, one round: the commander tells one lieutenant this and another that."""
    setting = complete(4, 1)
    runs = (
        FaultyRun({3: BYZANTINE}, {0: 0}),
        FaultyRun({0: BYZANTINE}, {0: 0}, {(1, 0, 2): 1, (1, 0, 3): 1}),
        FaultyRun({3: BYZANTINE}, {0: 1}),
    )
    return RunChain(setting, runs, (1, 2))


def two_rounds() -> RunChain:
    """Three generals, one traitor, two rounds: either lieutenant may misreport what the commander said."""
    setting = complete(3, 2)
    runs = (
        FaultyRun({2: BYZANTINE}, {0: 0}, {(2, 2, 1): relayed(setting, 2, 1)}),
        FaultyRun({0: BYZANTINE}, {0: 0}, {(1, 0, 2): 1}),
        FaultyRun({1: BYZANTINE}, {0: 1}, {(2, 1, 2): relayed(setting, 1, 0)}),
    )
    return RunChain(setting, runs, (1, 2))


def seven() -> RunChain:
    """Seven generals, two traitors, two rounds."""
    setting = complete(7, 2, t=2)
    says = {(teller, order): relayed(setting, teller, order) for teller in range(1, 7) for order in (0, 1)}
    runs = (
        FaultyRun({2: BYZANTINE, 3: BYZANTINE}, {0: 0}, {(2, 2, 1): says[2, 1], (2, 3, 1): says[3, 1]}),
        FaultyRun({0: BYZANTINE, 6: BYZANTINE}, {0: 0}, {(1, 0, 2): 1, (1, 0, 3): 1, (2, 6, 2): says[6, 1]}),
        FaultyRun({0: BYZANTINE, 1: BYZANTINE}, {0: 1}, {(1, 0, 4): 0, (1, 0, 5): 0, (2, 1, 2): says[1, 0]}),
        FaultyRun({4: BYZANTINE, 5: BYZANTINE}, {0: 1}, {(2, 4, 3): says[4, 0], (2, 5, 3): says[5, 0]}),
    )
    return RunChain(setting, runs, (1, 2, 3))


def crash() -> RunChain:
    """Three generals, of whom one may crash, in one round: who hears nothing knows nothing."""
    runs = (
        FaultyRun({}, {0: 0}),
        FaultyRun({0: CRASH}, {0: 0}, lost=frozenset({(1, 0, 2)})),
        FaultyRun({0: CRASH}, {0: 1}, lost=frozenset({(1, 0, 2)})),
        FaultyRun({}, {0: 1}),
    )
    return RunChain(complete(3, 1, mode=CRASH), runs, (1, 2, 1))


def consensus() -> RunChain:
    """Four generals, one traitor, one round, and each starts with an order of his own."""
    runs = (
        FaultyRun({3: BYZANTINE}, {0: 0, 1: 0, 2: 0, 3: 0}, {(1, 3, 0): 1}),
        FaultyRun({2: BYZANTINE}, {0: 0, 1: 0, 2: 0, 3: 1}, {(1, 2, 3): 1}),
        FaultyRun({1: BYZANTINE}, {0: 0, 1: 1, 2: 1, 3: 1}, {(1, 1, 3): 0}),
        FaultyRun({0: BYZANTINE}, {0: 1, 1: 1, 2: 1, 3: 1}, {(1, 0, 2): 0}),
    )
    return RunChain(complete(4, 1, problem="consensus"), runs, (0, 3, 2))


def halves() -> RunChain:
    """Four generals, of whom two may crash, in any number of rounds: nobody has to."""
    starts = {0: 0, 1: 0, 2: 1, 3: 1}
    runs = tuple(FaultyRun(dict.fromkeys(crashed, CRASH), starts) for crashed in ((2, 3), (), (0, 1)))
    return RunChain(complete(4, None, problem="consensus", t=2, mode=CRASH), runs, (0, 2))


def hexagon() -> DoubleCover:
    """Fischer, Lynch and Merritt's hexagon: three generals and one traitor, in any number of rounds."""
    scenes = (
        CoverScene(frozenset({2}), {0: 0, 1: 0}),
        CoverScene(frozenset({0}), {1: 0, 2: 1}),
        CoverScene(frozenset({1}), {2: 1, 0: 1}),
    )
    return DoubleCover(complete(3, None), frozenset({(1, 2)}), scenes, (1, 2))


def diamond() -> DoubleCover:
    """Four generals in a ring, of whom two neighbours of the commander's stand between him and general 2."""
    setting = Setting("broadcast", 4, ((0, 1), (0, 3), (1, 2), (2, 3)), 0, None, {BYZANTINE: 1})
    scenes = (
        CoverScene(frozenset({3}), {0: 0, 1: 0, 2: 0}),
        CoverScene(frozenset({1}), {2: 0, 3: 1, 0: 1}),
    )
    return DoubleCover(setting, frozenset({(2, 3)}), scenes, (2,))


CHAINS = {
    "one round": one_round,
    "two rounds": two_rounds,
    "seven": seven,
    "crash": crash,
    "consensus": consensus,
    "halves": halves,
}
COVERS = {"hexagon": hexagon, "diamond": diamond}
