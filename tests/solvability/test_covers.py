"""Double covers: where there is one, that the checker accepts it, and that it accepts nothing else.

Fischer, Lynch & Merritt 1986: there is one if n <= 3t or t + t generals separate the network. Dolev 1982: otherwise
there is a protocol.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from math import inf
from typing import Any

import networkx as nx
import pytest

from byzverify.certificates import checking_impossibility, impossibility_file
from byzverify.engines.solvability import deciding
from byzverify.language.faults import Fault
from byzverify.questions.solving import solvable
from byzverify.scenario.impossibility import DoubleCover, Setting
from tests.solvability.asking import accepted, connected_graphs, graph_of, setting
from tests.solvability.histories import Histories
from tests.solvability.paths import Paths
from tests.solvability.sightings import Edges, complete, distance

Damage = Callable[[Any], object]


def networks(most: int) -> list[tuple[int, Edges]]:
    return [(n, edges) for n in range(3, most + 1) for edges in connected_graphs(n)]


SMALL = networks(5)
SIX = [(6, edges) for edges in connected_graphs(6)]


def each(networks: list[tuple[int, Edges]], faults: Any, rounds: int | None = None) -> Iterator[Setting]:
    """Broadcast by each general, and consensus, on each network."""
    for n, edges in networks:
        yield from (setting(n, faults, rounds, edges=edges, commander=commander) for commander in range(n))
        yield setting(n, faults, rounds, "consensus", edges)


def found(asked: Setting) -> DoubleCover | None:
    """The cover that is found, which the checker must accept."""
    cover = deciding.cover(asked)
    if cover is not None:
        assert f"a cover with {len(cover.scenes)} scenes" in accepted(cover)
        assert "any number of rounds" in accepted(cover)
    return cover


def is_found_exactly_where_theorems_say(networks: list[tuple[int, Edges]], faults: int) -> None:
    for asked in each(networks, faults):
        connectivity = nx.node_connectivity(graph_of(asked))
        assert (found(asked) is not None) == (asked.n <= 3 * faults or connectivity <= 2 * faults), asked


@pytest.mark.parametrize("faults", [1, 2])
def test_a_cover_is_found_exactly_where_n_is_3t_or_less_or_connectivity_2t_or_less(faults: int) -> None:
    is_found_exactly_where_theorems_say(SMALL, faults)


@pytest.mark.slow
@pytest.mark.parametrize("faults", [1, 2])
def test_a_cover_is_found_exactly_where_theorems_say_on_graphs_of_six(faults: int) -> None:
    is_found_exactly_where_theorems_say(SIX, faults)


def test_covers_of_larger_complete_networks_and_cuts() -> None:
    for n, faults in product(range(3, 14), range(1, 6)):
        for problem in ("broadcast", "interactive", "consensus", "approximate"):
            assert (found(setting(n, faults, None, problem)) is not None) == (n <= 3 * faults)
    for degree in (2, 3, 4, 5):
        edges = tuple(sorted((min(edge), max(edge)) for edge in nx.hkn_harary_graph(degree, 11).edges))
        for faults in (1, 2, 3):
            for commander in (0, 5, 10):
                asked = setting(11, faults, None, edges=edges, commander=commander)
                assert (found(asked) is not None) == (degree <= 2 * faults)


def test_a_cover_counts_only_if_its_scenes_are_few_enough_for_the_problem() -> None:
    """Three scenes lead from 0 to 1 in one step, which decisions within 1 of each other may take."""
    asked = setting(3, 1, None, "approximate")
    for epsilon, counts in ((Fraction(0), True), (Fraction(1, 2), True), (Fraction(2, 3), True), (Fraction(1), False)):
        assert (deciding.cover(asked, deciding.longest("approximate", epsilon)) is not None) == counts
    deaf = setting(3, 1, None, "approximate", edges=((0, 1), (1, 2)))
    cover = deciding.cover(deaf, deciding.longest("approximate", Fraction(1)))
    assert cover is not None
    assert len(cover.scenes) == 2
    assert solvable(3, 1, problem="approximate", epsilon=1).verdict != "impossible"


def test_two_generals_need_no_cover() -> None:
    for faults in range(3):
        assert found(setting(2, faults, None)) is None
        assert found(setting(2, faults, None, edges=())) is not None, "an order that nobody hears"


def test_no_cover_is_found_where_a_protocol_exists() -> None:
    """By views on simple paths: a protocol for three rounds is one for any number of them."""
    solved = 0
    for asked in each(networks(4), 1, 3):
        if asked.commander is not None and Paths(asked).distance() == inf:
            solved += 1
            assert found(asked) is None
    assert solved


def test_where_a_cover_is_found_there_is_a_chain_in_every_number_of_rounds() -> None:
    covered = 0
    for asked in each(networks(4), 1, 3):
        if asked.commander is not None and found(asked) is not None:
            covered += 1
            assert Paths(asked).distance() <= len(found(asked).scenes) - 2  # type: ignore[union-attr]
    assert covered


@pytest.mark.parametrize("mode", ["crash", "omission", "manifest", "symmetric", "byzantine"])
@pytest.mark.parametrize("faults", [1, 2])
@pytest.mark.parametrize("signed", [False, True])
def test_a_silent_cover_is_found_exactly_where_faults_separate_the_network(
    mode: str, faults: int, signed: bool
) -> None:
    for asked in each(SMALL, {mode: faults}):
        graph, commander = graph_of(asked), asked.commander
        pairs = combinations(graph, 2) if commander is None else ((commander, one) for one in graph if one != commander)
        apart = any(not graph.has_edge(*pair) and nx.node_connectivity(graph, *pair) <= faults for pair in pairs)
        covered = found(replace(asked, signed=signed))
        if mode != "byzantine" or signed:
            assert (covered is not None) == apart, asked
        elif apart:
            assert covered is not None
            assert len({scene.faulty for scene in covered.scenes}) == 1, "silence suffices"


def test_faults_of_several_modes_separate_a_network_together() -> None:
    cycle = ((0, 1), (0, 3), (1, 2), (2, 3))
    assert found(setting(4, {"crash": 1, "manifest": 1}, None, edges=cycle)) is not None
    assert found(setting(4, {"crash": 1}, None, edges=cycle)) is None


@pytest.mark.parametrize("mode", ["crash", "omission", "manifest", "symmetric"])
def test_where_a_silent_cover_is_found_whole_histories_know_no_protocol(mode: str) -> None:
    covered = 0
    for asked in each(networks(4), {mode: 1}, 2):
        if len(asked.edges) <= 4 and found(asked) is not None and (asked.commander is not None or asked.n == 3):
            covered += 1
            assert distance(Histories(asked).sightings()) < inf, asked
    assert covered > 5


def text(cover: DoubleCover) -> Any:
    return json.loads(impossibility_file.text(cover))


def verdict(file: Any) -> str | None:
    """What the checker says of a file; None if it refuses it."""
    try:
        return checking_impossibility.check(json.dumps(file))
    except ValueError:
        return None


SILENT = setting(4, {"crash": 2}, None, edges=((0, 1), (0, 3), (1, 2), (2, 3)))
LYING = setting(4, {"byzantine": 1}, None, edges=((0, 1), (0, 3), (1, 2), (2, 3)))
SILENT_CONSENSUS = setting(5, {"omission": 1, "crash": 1}, None, "consensus", ((0, 1), (0, 2), (1, 3), (2, 3), (3, 4)))


def put(*path: Any, to: Any) -> Damage:
    """Damage that puts a value somewhere in a file."""

    def damage(file: Any) -> None:
        for key in path[:-1]:
            file = file[key]
        file[path[-1]] = to

    return damage


def flip(scene: int, general: str) -> Damage:
    def damage(file: Any) -> None:
        file["scenes"][scene]["sheets"][general] ^= 1

    return damage


def another_silent_general(file: Any) -> None:
    """In one scene, general 2 is silent in place of general 3."""
    scene = file["scenes"][1]
    scene["faulty"] = [1, 2]
    scene["sheets"] = {"0": scene["sheets"]["0"], "3": 1}


DAMAGES: dict[str, Damage] = {
    "fewer may fail": put("faults", "crash", to=1),
    "nobody may fail": put("faults", to={}),
    "a number of rounds": put("rounds", to=3),
    "a sheet of the commander": flip(0, "0"),
    "a sheet of the witness": flip(1, "2"),
    "a scene less": lambda file: file["scenes"].pop(),
    "a scene twice": lambda file: file["scenes"].append(deepcopy(file["scenes"][0])),
    "a faulty general twice": put("scenes", 0, "faulty", to=[1, 1]),
    "a faulty general with a sheet": lambda file: file["scenes"][0]["sheets"].update({"1": 0}),
    "a faulty general who is a truth": put("scenes", 0, "faulty", to=[True, 3]),
    "a faulty general who is not there": put("scenes", 0, "faulty", to=[1, 4]),
    "one who separates is loyal": lambda file: [
        (scene["faulty"].remove(3), scene["sheets"].update({"3": 0})) for scene in file["scenes"]
    ],
    "an edge that joins the sides": lambda file: file["edges"].insert(1, [0, 2]),
    "somebody else is silent in one scene": another_silent_general,
    "the commander is the witness": put("witnesses", to=[0]),
    "a silent witness": put("witnesses", to=[1]),
    "a silent commander": put("commander", to=1),
    "another commander": put("commander", to=2),
    "no commander": put("commander", to=None),
    "an unknown mode": put("faults", to={"napping": 2}),
    "a mode with less than nobody": put("faults", to={"crash": 3, "omission": -1}),
    "crossed without an edge": put("crossed", to=[[0, 2]]),
    "another problem": put("problem", to="consensus"),
}


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("signed", [False, True])
def test_a_damaged_silent_cover_is_refused(name: str, signed: bool) -> None:
    cover = found(SILENT)
    assert cover is not None
    file = text(cover) | {"signed": signed}
    assert verdict(file) is not None
    DAMAGES[name](file)
    assert verdict(file) is None


def test_a_cover_whose_faulty_differ_holds_for_byzantine_generals_without_signatures_alone() -> None:
    cover = found(LYING)
    assert cover is not None
    assert len({scene.faulty for scene in cover.scenes}) > 1
    file = text(cover)
    assert verdict(file) is not None
    assert verdict(file | {"signed": True}) is None
    for mode in Fault:
        assert (verdict(file | {"faults": {mode.value: 1}}) is not None) == (mode is Fault.BYZANTINE)
    assert verdict(file | {"faults": {"byzantine": 0, "crash": 4}}) is None


def test_a_silent_cover_holds_for_every_mode_with_signed_messages_and_without() -> None:
    cover = found(SILENT)
    assert cover is not None
    for mode, signed in product(Fault, (False, True)):
        assert verdict(text(cover) | {"faults": {mode.value: 2}, "signed": signed}) is not None


def test_a_silent_cover_of_consensus_needs_both_ends() -> None:
    cover = found(SILENT_CONSENSUS)
    assert cover is not None
    file = text(cover)
    assert len(file["scenes"]) == 3
    assert verdict(file) is not None
    for scenes, witnesses in ((slice(0, 2), slice(0, 1)), (slice(1, 3), slice(1, 2))):
        part = file | {"scenes": file["scenes"][scenes], "witnesses": file["witnesses"][witnesses]}
        assert verdict(part) is None


@pytest.mark.parametrize("mode", ["crash", "byzantine"])
@pytest.mark.parametrize(
    ("edges", "commander", "is_accepted"),
    [
        (((0, 1),), 0, True),
        (((0, 1),), 1, True),
        (((0, 1), (1, 2)), 0, True),
        (((0, 1), (1, 2)), 1, False),
        (complete(3), 0, False),
    ],
    ids=str,
)
def test_whatever_cover_of_three_generals_is_accepted_no_protocol_is_known_to_whole_histories(
    edges: Edges, commander: int, is_accepted: bool, mode: str
) -> None:
    """All files with two scenes and up to one faulty general, however nonsensical."""
    asked = setting(3, {mode: 1}, 2, edges=edges, commander=commander)
    solvable = distance(Histories(asked).sightings()) == inf
    scenes = [
        {"faulty": [*faulty], "sheets": {str(one): sheet for one, sheet in zip(loyal, sheets, strict=True)}}
        for faulty in ((), (0,), (1,), (2,))
        for loyal in [[one for one in range(3) if one not in faulty]]
        for sheets in product((0, 1), repeat=len(loyal))
    ]
    head = text(DoubleCover(replace(asked, rounds=None), frozenset(), (), ()))
    accepts = 0
    for number in range(len(edges) + 1):
        for crossed in combinations(edges, number):
            for pair in product(scenes, repeat=2):
                for witness in range(3):
                    file = head | {"crossed": [*map(list, crossed)], "scenes": [*pair], "witnesses": [witness]}
                    accepts += verdict(file) is not None
    assert not (accepts and solvable)
    assert (accepts > 0) == is_accepted


def test_the_commander_is_separated_by_those_next_to_him() -> None:
    """Broadcast needs as much connectivity as there is between the commander and each other general, no more."""
    kite = ((0, 1), (0, 2), (1, 2), (2, 3))
    assert found(setting(4, {"crash": 1}, None, edges=kite, commander=2)) is None
    assert found(setting(4, {"crash": 1}, None, edges=kite, commander=3)) is not None
