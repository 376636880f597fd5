"""The sites of a protocol are those at which its runs and its attacks tell anything."""

import random

import pytest

from byzverify.catalogue.configurations import Exhibit, exhibits
from byzverify.ir.sites import sites
from byzverify.language import COMMANDER, RETREAT, General, Order, Program, broadcast
from byzverify.language.messages import Chain
from byzverify.language.protocol import Protocol
from byzverify.models.dolev_relay import DolevRelay
from byzverify.models.om import OM
from byzverify.models.phase_king import PhaseKing
from byzverify.models.sm import SM
from byzverify.questions.pipeline import check
from byzverify.questions.simulating import simulate
from byzverify.questions.verdict import Refuted


def test_the_sites_of_om_are_the_paths_of_the_paper() -> None:
    first = [(1, 0, receiver, (0,)) for receiver in (1, 2, 3)]
    second = [(2, one, other, (0, one)) for one in (1, 2, 3) for other in (1, 2, 3) if one != other]
    assert sites(OM(n=4, m=1)) == (*first, *second)


def test_at_a_site_of_a_signed_order_the_label_is_the_chain() -> None:
    assert {str(site[3]) for site in sites(SM(n=3, m=1)) if isinstance(site[3], Chain) and site[:3] == (2, 1, 2)} == {
        "ATTACK:0:1",
        "RETREAT:0:1",
    }


class Chatter(Protocol):
    """Everybody repeats what the commander said, and nobody listens."""

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
        yield broadcast(told, label="again", without=[COMMANDER])
        return told


def test_what_is_said_is_told_even_if_the_model_does_not_listen() -> None:
    """A program in its place may."""
    again = {(2, one, other, "again") for one in range(3) for other in (1, 2) if one != other}
    assert set(sites(Chatter(n=3))) == again | {(1, 0, 1, ()), (1, 0, 2, ())}


@pytest.mark.slow
@pytest.mark.parametrize(
    "protocol", [OM(n=4, m=1), PhaseKing(n=4, m=1), SM(n=4, m=1), DolevRelay(n=4, graph="cycle:4", m=1)], ids=str
)
def test_nothing_is_told_where_there_is_no_site(protocol: Protocol) -> None:
    chance = random.Random(1)
    for seed in range(40):
        orders = [chance.choice(["ATTACK", "RETREAT"]) for _ in protocol.problem.starters(protocol.n)]
        run = simulate(protocol, {seed % protocol.n}, orders, "silent").run
        told = {(lie.round, lie.sender, lie.receiver, lie.label) for lie in run.lies}
        assert told <= set(sites(protocol))
        assert all(protocol.linked(sender, receiver) for _, sender, receiver, _ in sites(protocol))


@pytest.mark.slow
@pytest.mark.parametrize("exhibit", exhibits(), ids=lambda exhibit: exhibit.name)
def test_every_lie_that_the_checker_finds_of_use_is_told_at_a_site(exhibit: Exhibit) -> None:
    model = exhibit.mistake.build()
    verdict = check(model, exhibit.mistake.budget())
    assert isinstance(verdict, Refuted)
    lies = verdict.replay.run.lies
    assert {(lie.round, lie.sender, lie.receiver, lie.label) for lie in lies} <= set(sites(model))
