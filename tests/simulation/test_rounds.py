"""The simulator: isolation, the channel's rules, and what counts as a lie."""

from typing import Any, ClassVar

import pytest

import byzverify
from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    all_of,
    broadcast,
    ite,
    send,
)
from byzverify.models.om import OM
from byzverify.scenario.behaviour import Behaviour
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Alternate, Deviation, Script, Silent


class Talks(Protocol):
    """Round 1: the commander tells; round 2: the lieutenants tell each other, under a nested label."""

    seen: ClassVar[list[Any]] = []

    def general(self, me: General, order: Order) -> Program:
        inbox = yield send(order, to=self.lieutenants) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox[COMMANDER]
        self.seen.append(self)
        inbox = yield broadcast(told, label=("from", (me, 0)), without=[COMMANDER])
        return inbox[1, ("from", (1, 0))]


def test_every_general_runs_on_a_copy_of_the_protocol_of_his_own() -> None:
    Talks.seen.clear()
    run(Talks(n=3), set(), {0: ATTACK}, Silent())
    assert len({id(protocol) for protocol in Talks.seen}) == 3


def test_orders_arrive_as_new_objects_that_are_equal() -> None:
    played = run(Talks(n=3), set(), {0: ATTACK}, Silent(), everyone=True)
    assert all(order is not ATTACK for order in played.decisions.values())
    assert {general: order.name for general, order in played.decisions.items()} == {
        0: "ABSENT",
        1: "ATTACK",
        2: "ATTACK",
    }
    assert played.messages == 2 + 2 + 2  # the commander's two, his two in round 2 and one each of the lieutenants'


def test_a_lie_is_what_differs_from_what_a_loyal_general_would_have_sent() -> None:
    said = {(1, 0, 2, ()): RETREAT, (1, 0, 1, ()): ATTACK}
    played = run(Talks(n=3), {0}, {0: ATTACK}, Deviation(Behaviour(said=said)))
    assert [(lie.round, lie.receiver, lie.honest.name, lie.said.name) for lie in played.lies] == [
        (1, 2, "ATTACK", "RETREAT")
    ]


def test_saying_nothing_is_a_lie_too_and_so_is_saying_something_unasked() -> None:
    silent = run(Talks(n=3), {1}, {0: ATTACK}, Silent())
    assert [(lie.receiver, lie.said) for lie in silent.lies if lie.round == 2] == [(2, ABSENT)]
    unasked = run(Talks(n=3), {1}, {0: ATTACK}, Deviation(Behaviour(said={(1, 1, 2, "hello"): ATTACK})))
    assert [(lie.honest, lie.said) for lie in unasked.lies] == [(ABSENT, ATTACK)]


def test_a_script_says_exactly_what_is_written() -> None:
    played = run(OM(n=4, m=1), {3}, {0: ATTACK}, Script({(2, 3, 1): {(0, 3): RETREAT}}))
    assert [(lie.receiver, lie.said.name) for lie in played.lies] == [(1, "RETREAT"), (2, "ABSENT")]


def test_alternating_traitors_go_round_the_domain() -> None:
    orders = OM(n=4, m=1, values=3).orders
    honest = {"a": orders[0], "b": orders[2]}
    assert [order.name for order in Alternate(orders).says(1, 3, 2, honest).values()] == ["ATTACK", "RETREAT"]
    assert Alternate(orders).says(1, 3, 1, honest) == honest


class Maybe(Protocol):
    """A general who does not send: an absent order is not a message."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(ite(me == COMMANDER, ABSENT, ATTACK))
        return inbox.get(COMMANDER, default=RETREAT)


def test_sending_an_absent_order_is_sending_nothing() -> None:
    played = run(Maybe(n=3), set(), {}, Silent())
    assert {order.name for order in played.decisions.values()} == {"RETREAT"}
    assert played.messages == 4


class ChangesHisList(Protocol):
    """A list that is handed over is taken as it is then, whatever the author does to it later."""

    def general(self, me: General, order: Order) -> Program:
        out = [me]
        inbox = yield [broadcast(ATTACK, label="a", without=out), send(ATTACK, to=out, label="b")]
        out += self.others(me)
        heard = [inbox[j, "a"] for j in self.others(me)]
        return ite(all_of([*(vote == ATTACK for vote in heard), inbox[me, "b"] == ATTACK]), ATTACK, RETREAT)


@pytest.mark.slow
def test_a_list_that_changes_later_changes_no_message() -> None:
    played = run(ChangesHisList(n=4), set(), {}, Silent())
    assert {order.name for order in played.decisions.values()} == {"ATTACK"}
    verdict = byzverify.check(ChangesHisList(n=4), 0)
    assert {known.condition.name: known.verdict for known in verdict.conditions} == {"IC1": "proved", "IC2": "refuted"}


@pytest.mark.parametrize("everyone", [True, False])
def test_a_run_ends_when_those_it_waits_for_have_decided(everyone: bool) -> None:
    played = run(OM(n=4, m=1), {3}, {0: ATTACK}, Silent(), everyone=everyone)
    assert (3 in played.decisions) == everyone
