"""Paths of generals, and orders that travel along routes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byzverify import simulate
from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, along
from byzverify.models.om import OM


def test_paths_start_with_the_commander_and_visit_different_generals() -> None:
    model = OM(n=4, m=1)
    assert model.paths(1) == [(0,)]
    assert model.paths(2) == [(0, 1), (0, 2), (0, 3)]
    assert model.paths(3, 3) == [(0, 1, 2), (0, 2, 1)]
    assert model.paths(2, COMMANDER) == []
    assert model.paths(5) == []


@given(n=st.integers(2, 6), length=st.integers(1, 5))
def test_there_are_as_many_paths_as_falling_factorials(n: int, length: int) -> None:
    expected = 1
    for step in range(length - 1):
        expected *= max(n - 1 - step, 0)
    assert len(OM(n=n, m=0).paths(length)) == expected


class Postman(Protocol):
    """The commander's order goes along one route to the last general; who is not its end decides RETREAT."""

    stops: int

    def general(self, me: General, order: Order) -> Program:
        route = tuple(range(self.stops))
        arrived = yield from along(me, {"letter": order} if me == COMMANDER else {}, {"letter": route})
        return order if me == COMMANDER else arrived.get("letter", RETREAT)


@pytest.mark.parametrize("stops", [2, 3, 4])
def test_an_order_arrives_at_the_end_of_its_route_one_edge_a_round(stops: int) -> None:
    played = simulate(Postman(n=4, stops=stops, graph="path:4"), [], ["ATTACK"]).run
    assert (played.rounds, played.messages) == (stops - 1, stops - 1)
    arrived = [general for general in (1, 2, 3) if played.decisions[general].name == "ATTACK"]
    assert arrived == [stops - 1]


def test_an_order_that_is_not_passed_on_arrives_as_retreat() -> None:
    played = simulate(Postman(n=4, stops=4), [2], ["ATTACK"], "silent").run
    assert played.decisions[3].name == "RETREAT"
