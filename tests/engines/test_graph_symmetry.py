"""Symmetry on graphs: only automorphisms count, and only where the programs are checked to follow them."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

import byzverify
from byzverify.engines.finite.scenarios import NONE, Symmetry, alike, choices, scenarios
from byzverify.engines.finite.symmetry import asymmetry, declared_symmetry
from byzverify.language import (
    BYZANTINE_GENERALS,
    COMMANDER,
    IC2,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    broadcast,
    majority,
)
from byzverify.language.faults import Fault, budget_of
from byzverify.language.topology import graph_of
from byzverify.models.dolev_relay import DolevRelay
from byzverify.models.om import OM
from byzverify.models.sm import SM


class Flood(Protocol):
    """Everyone passes on, for two rounds, what most of his neighbours told him."""

    def general(self, me: General, order: Order) -> Program:
        held = order if me == COMMANDER else RETREAT
        for _ in range(2):
            inbox = yield broadcast(held)
            votes = [inbox.get(j, default=RETREAT) for j in self.neighbours(me)]
            held = held if me == COMMANDER else majority([held, *votes], default=inbox.get(COMMANDER, default=held))
        return held


class FirstNeighbour(Flood):
    """Believes the neighbour that is listed first."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        heard = inbox.get(self.neighbours(me)[0], default=RETREAT)
        return order if me == COMMANDER else heard


class WholeGraph(Flood):
    """Looks at the graph as a whole."""

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order) if me == COMMANDER else None
        return order if me == COMMANDER and len(self.network) > 2 else RETREAT


class ByNumber(Flood):
    """Asks whether general 2 is a neighbour."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        return inbox.get(COMMANDER, default=RETREAT) if 2 in self.neighbours(me) else RETREAT


@pytest.mark.parametrize(
    ("protocol", "reason"),
    [
        (FirstNeighbour, "depends on the order in which he goes through the generals"),
        (WholeGraph, "takes the graph as a whole"),
        (ByNumber, "compares a general with the number 2"),
    ],
)
def test_a_program_that_tells_neighbours_apart_is_noticed(protocol: type[Protocol], reason: str) -> None:
    assert reason in (asymmetry(protocol(n=5, graph="cycle:5")) or "")


@pytest.mark.parametrize("graph", ["cycle:5", "circulant:7:1,2", "hypercube:3", "petersen", "star:3"])
def test_a_program_that_treats_neighbours_alike_passes(graph: str) -> None:
    protocol = Flood(n=len(graph_of(graph)), graph=graph)
    assert declared_symmetry(protocol).generators
    assert asymmetry(protocol) is None


def test_a_complete_graph_is_no_graph() -> None:
    assert (
        declared_symmetry(OM(n=5, m=1, graph="complete:5"))
        == declared_symmetry(OM(n=5, m=1))
        == Symmetry(([1, 2, 3, 4],))
    )


def test_a_graph_without_symmetry_has_none() -> None:
    lopsided = "edges:0-1,1-2,2-3,3-4,4-5,3-5"
    assert declared_symmetry(Flood(n=6, graph=lopsided)) == Symmetry((), ((0, 1, 2, 3, 5, 4),))
    assert declared_symmetry(Flood(n=4, graph="path:4")) == NONE


def test_the_orbits_on_a_cycle_are_those_of_its_reflection() -> None:
    symmetry = declared_symmetry(SM(n=5, m=1, d=3, graph="cycle:5"))
    found = [(sorted(faults), stands_for) for faults, stands_for in choices(5, {Fault.BYZANTINE: 1}, symmetry)]
    assert found == [([0], 1), ([1], 2), ([2], 2)]


@pytest.mark.parametrize("budget", [{"byzantine": 1}, {"byzantine": 2}, {"byzantine": 1, "crash": 1}, {"omission": 2}])
def test_orbits_stand_for_all_choices(budget: dict[str, int]) -> None:
    protocol = SM(n=8, m=2, d=3, graph="hypercube:3")
    allowed = budget_of(budget)
    folded = sum(stands_for for _, stands_for in choices(8, allowed, declared_symmetry(protocol)))
    assert folded == sum(1 for _ in choices(8, allowed, NONE))


class Unfolded(SM):
    """SM that claims no symmetry."""

    m: int
    d: int = 1

    def interchangeable(self) -> Sequence[range]:
        return []


@pytest.mark.slow
@pytest.mark.parametrize("graph", ["cycle:4", "cycle:5", "bipartite:2:3", "wheel:5", "hypercube:3"])
@pytest.mark.parametrize(("m", "t"), [(1, 1), (1, 2)])
def test_folding_orbits_changes_no_verdict(graph: str, m: int, t: int) -> None:
    n = len(graph_of(graph))
    d = 3 if n > 4 else 2
    folded = byzverify.check(SM(n=n, m=m, d=d, graph=graph), t)
    single = byzverify.check(Unfolded(n=n, m=m, d=d, graph=graph), t)
    assert folded.evidence.asymmetry is None
    assert folded.evidence.scenarios < single.evidence.scenarios
    assert folded.conditions == single.conditions


@pytest.mark.slow
@pytest.mark.parametrize("graph", ["cycle:4", "cycle:5", "star:3", "bipartite:2:3"])
def test_a_flood_has_the_same_verdict_folded_and_not(graph: str) -> None:
    class Alone(Flood):
        def interchangeable(self) -> Sequence[range]:
            return []

    n = len(graph_of(graph))
    for budget in ({"byzantine": 1}, {"omission": 1}, {"manifest": 1}, {"crash": 1}, {}):
        folded, single = (byzverify.check(model(n=n, graph=graph), budget) for model in (Flood, Alone))
        assert [known.verdict for known in folded.conditions] == [known.verdict for known in single.conditions]


def test_a_model_that_picks_paths_by_number_is_taken_choice_by_choice() -> None:
    protocol = DolevRelay(n=7, m=1, graph="circulant:7:1,2")
    assert declared_symmetry(protocol) == NONE
    assert asymmetry(protocol) is None
    assert sum(1 for _ in scenarios(protocol, budget_of(1), NONE)) == 7


def test_choices_of_which_conditions_ask_other_things_do_not_stand_for_each_other() -> None:
    mirrored = Symmetry((), ((0, 3, 2, 1),))
    found = choices(4, {Fault.BYZANTINE: 1}, mirrored, lambda faults: 1 in faults)
    assert [(sorted(faults), stands_for) for faults, stands_for in found] == [([0], 1), ([1], 1), ([3], 1), ([2], 1)]


def test_nor_do_they_in_a_check() -> None:
    """Generals 1 and 3 change places on the cycle, and the condition is about general 3."""

    class OfThree(Flood):
        problem = replace(
            BYZANTINE_GENERALS, conditions=(replace(IC2, concerns=lambda protocol, loyal: 3 not in loyal),)
        )

    mirrored = Symmetry((), ((0, 3, 2, 1),))
    protocol = OfThree(n=4, graph="cycle:4")
    found = list(scenarios(protocol, {Fault.BYZANTINE: 1}, mirrored))
    assert {frozenset(one.faults): bool(one.cases) for one in found} == {
        frozenset({general}): general == 3 for general in range(4)
    }
    asked = [one for one in found if one.cases]
    assert [list(faults) for one in asked for faults in alike(protocol, one, mirrored)] == [[3]]
