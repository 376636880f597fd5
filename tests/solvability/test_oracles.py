"""The engine against three oracles that share no code with it: whole histories, simple paths, and SAT.

Where the engine says that there is no chain, or that its chain is a shortest one, the oracles must say exactly that;
where it only shows a chain, they must say that no protocol solves the problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import inf

import pytest

from byzverify.language.faults import Fault
from byzverify.scenario.impossibility import Setting
from tests.solvability.asking import BOTH_MODES, connected_graphs, decided, setting
from tests.solvability.histories import Histories
from tests.solvability.paths import Paths
from tests.solvability.satisfying import satisfiable
from tests.solvability.sightings import distance, solved

HALF = Fraction(1, 2)

ASKED = {"broadcast": None, "crusader": None, "graded": None, "approximate": HALF}
"""The problems of which a commander gives the order, with epsilon."""


def agrees(asked: Setting, far: float, epsilon: Fraction | None = None) -> bool:
    """Hold what the engine says of a setting against the distance that an oracle found. Whether it said all."""
    found = decided(asked, epsilon)
    if found.chain is not None:
        assert not solved(asked.problem, far, epsilon)
        assert len(found.chain.runs) == far + 2 if found.shortest else len(found.chain.runs) >= far + 2
    if found.exhausted:
        assert solved(asked.problem, far, epsilon)
    return found.exhausted or found.shortest


def lying_alone(asked: Setting) -> bool:
    return set(asked.faults) <= {Fault.BYZANTINE}


def on_histories(asked: Setting) -> None:
    """Compare the engine with whole histories and with SAT on them, for one setting and all problems of its kind."""
    sightings = [*Histories(asked).sightings()]
    far = distance(sightings)
    problems = ASKED if asked.commander is not None else {"consensus": None}
    for problem, epsilon in problems.items():
        of = setting(asked.n, asked.faults, asked.rounds, problem, asked.edges, asked.commander or 0)  # type: ignore[arg-type]
        assert agrees(of, far, epsilon), "the engine left open what it can decide"
        assert satisfiable(sightings, problem, epsilon) == solved(problem, far, epsilon)
    if lying_alone(asked):
        assert Paths(asked).distance() == far


def complete_settings() -> Iterator[Setting]:
    for n in (2, 3, 4):
        for faults in range(min(n, 3) + 1):
            for rounds in (1, 2, 3):
                for mode in BOTH_MODES:
                    if (n, rounds) != (4, 3) or faults == 0 or (mode == "crash" and faults < 3):
                        yield setting(n, {mode: faults}, rounds)
                    if n == 2 or rounds == 1 or (n == 3 and rounds == 2) or faults == 0:
                        yield setting(n, {mode: faults}, rounds, "consensus")


def graph_settings() -> Iterator[Setting]:
    for n in (3, 4):
        for edges in connected_graphs(n):
            for faults, rounds, mode, commander in product((1, 2), (1, 2, 3), BOTH_MODES, range(n)):
                letters = sum(commander in edge for edge in edges)  # how many copies a lying commander has to make up
                small = n == 3 or (len(edges) <= 4 and letters < 3 and faults == 1)
                if (n == 3 or len(edges) < 6) and (rounds < 3 or mode == "crash" or small):
                    yield setting(n, {mode: faults}, rounds, edges=edges, commander=commander)


def named(asked: Setting) -> str:
    faults = " ".join(f"{number} {mode}" for mode, number in asked.faults.items()) or "no faults"
    edges = ",".join(f"{one}{other}" for one, other in asked.edges)
    who = "" if asked.commander is None else f" by {asked.commander}"
    return f"{asked.problem} on {edges}{who} {faults} in {asked.rounds}"


@pytest.mark.parametrize("asked", [*complete_settings()], ids=named)
def test_the_engine_agrees_with_whole_histories_and_sat(asked: Setting) -> None:
    on_histories(asked)


@pytest.mark.parametrize("asked", [*graph_settings()], ids=named)
def test_the_engine_agrees_with_whole_histories_and_sat_on_each_small_graph(asked: Setting) -> None:
    on_histories(asked)


@pytest.mark.parametrize("n", [3, 4])
def test_shortest_chains_of_crashes_for_consensus_agree_with_whole_histories_on_each_small_graph(n: int) -> None:
    for edges in [*connected_graphs(n), (), ((1, 2),)]:
        for rounds in (1, 2, 3):
            asked = setting(n, {"crash": 1}, rounds, "consensus", edges)
            assert agrees(asked, distance(Histories(asked).sightings()))


def test_shortest_chains_of_two_crashes_for_consensus_agree_with_whole_histories() -> None:
    asked = setting(5, {"crash": 2}, 1, "consensus")
    assert agrees(asked, distance(Histories(asked).sightings()))


@pytest.mark.parametrize("rounds", [1, 2])
@pytest.mark.parametrize("edges", [(), ((1, 2),), ((0, 1),), ((0, 1), (2, 3))], ids=str)
@pytest.mark.parametrize("mode", BOTH_MODES)
@pytest.mark.parametrize("faults", [0, 1, 2])
def test_the_engine_agrees_with_whole_histories_where_the_network_falls_apart(
    rounds: int, edges: tuple[tuple[int, int], ...], mode: str, faults: int
) -> None:
    for n in (3, 4):
        if all(max(edge) < n for edge in edges):
            on_histories(setting(n, {mode: faults}, rounds, edges=edges))


@pytest.mark.parametrize(
    "faults",
    [
        {"omission": 1},
        {"omission": 2},
        {"byzantine": 1, "crash": 1},
        {"byzantine": 1, "omission": 1},
        {"crash": 1, "omission": 1},
        {"byzantine": 1, "manifest": 1},
        {"symmetric": 1},
        {"symmetric": 2},
        {"manifest": 1},
        {"manifest": 2},
        {"symmetric": 1, "manifest": 1},
    ],
    ids=str,
)
def test_a_chain_in_other_modes_is_never_found_where_a_protocol_exists(faults: dict[str, int]) -> None:
    shown = 0
    for n, rounds in ((2, 1), (2, 2), (3, 1), (3, 2), (4, 1)):
        if sum(faults.values()) <= n:
            asked = setting(n, faults, rounds)
            far = distance(Histories(asked).sightings())
            assert not agrees(asked, far), "only crash and byzantine faults are searched completely"
            shown += far < inf
    if not set(faults) <= {"symmetric", "manifest"}:
        assert shown


@pytest.mark.parametrize(
    ("n", "faults", "rounds"), [(4, 1, 2), (5, 1, 2), (6, 1, 2), (5, 2, 2), (6, 2, 2), (7, 2, 2), (4, 1, 3), (4, 2, 3)]
)
def test_the_engine_agrees_with_views_on_simple_paths(n: int, faults: int, rounds: int) -> None:
    far = Paths(setting(n, faults, rounds)).distance()
    for problem, epsilon in ASKED.items():
        assert agrees(setting(n, faults, rounds, problem), far, epsilon)


@pytest.mark.parametrize(("n", "faults", "rounds"), [(3, 1, 2), (4, 1, 2), (4, 2, 2), (4, 3, 2), (5, 1, 1), (5, 2, 1)])
def test_the_engine_agrees_with_views_on_simple_paths_for_consensus(n: int, faults: int, rounds: int) -> None:
    asked = setting(n, faults, rounds, "consensus")
    assert agrees(asked, Paths(asked).distance())


@pytest.mark.parametrize("edges", connected_graphs(5), ids=lambda edges: ",".join(f"{a}{b}" for a, b in edges))
def test_the_engine_agrees_with_views_on_simple_paths_on_each_graph_of_five(edges: tuple[tuple[int, int], ...]) -> None:
    for commander in range(5):
        for faults, rounds in ((1, 1), (1, 2), (2, 2)):
            asked = setting(5, faults, rounds, edges=edges, commander=commander)
            assert agrees(asked, Paths(asked).distance())


@pytest.mark.parametrize(("n", "faults", "rounds"), [(5, 1, 2), (6, 2, 2), (7, 2, 2)])
def test_sat_agrees_with_distances_between_views_on_simple_paths(n: int, faults: int, rounds: int) -> None:
    paths = Paths(setting(n, faults, rounds))
    far, sightings = paths.distance(), [*paths.sightings()]
    assert far == distance(sightings)
    for problem, epsilon in ASKED.items():
        assert satisfiable(sightings, problem, epsilon) == solved(problem, far, epsilon)


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        setting(4, 1, 3),
        setting(4, 1, 3, edges=((0, 3), (1, 2), (1, 3), (2, 3)), commander=3),
        setting(4, {"crash": 3}, 3),
        setting(4, {"omission": 1}, 2),
        setting(4, {"omission": 2}, 1),
        setting(4, {"byzantine": 1, "crash": 1}, 2),
        setting(4, 1, 2, "consensus"),
        setting(4, {"crash": 2}, 2, "consensus"),
        setting(4, {"crash": 1}, 3, "consensus"),
        setting(3, {"crash": 2}, 3, "consensus"),
        setting(3, {"omission": 1}, 3),
        setting(5, {"crash": 2}, 2),
    ],
    ids=named,
)
def test_the_engine_agrees_with_many_whole_histories(asked: Setting) -> None:
    agrees(asked, distance(Histories(asked).sightings()))


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [setting(5, 1, 3), setting(5, 2, 3), setting(5, 1, 2, "consensus"), setting(8, 2, 2), setting(7, 3, 2)],
    ids=named,
)
def test_the_engine_agrees_with_many_views_on_simple_paths(asked: Setting) -> None:
    assert agrees(asked, Paths(asked).distance())


@pytest.mark.parametrize("edges", connected_graphs(5), ids=lambda edges: ",".join(f"{a}{b}" for a, b in edges))
def test_the_engine_agrees_with_longer_views_on_each_graph_of_five(edges: tuple[tuple[int, int], ...]) -> None:
    for commander in range(5):
        for faults in (1, 2):
            asked = setting(5, faults, 3, edges=edges, commander=commander)
            assert agrees(asked, Paths(asked).distance())
    asked = setting(5, 1, 1, "consensus", edges)
    assert agrees(asked, Paths(asked).distance())
