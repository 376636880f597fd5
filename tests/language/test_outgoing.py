"""What a general sends in a round says the same, whether all of it is there or is made when it is asked for."""

from collections.abc import Iterator
from itertools import chain

import pytest

from byzverify.language import ABSENT, ATTACK, RETREAT, General, Order, Program, Protocol, broadcast, send, sign
from byzverify.language.outgoing import Listed, Outgoing
from byzverify.language.seat import Seat
from byzverify.models.eig import EIG
from byzverify.models.om import OM
from byzverify.simulation.channel import addressed_to
from byzverify.simulation.post import Mailbox, sealed


def rounds(protocol: Protocol) -> Iterator[list[tuple[Outgoing, Listed]]]:
    """What each general sends, round by round, as it is deferred and as it is listed; they hear one another."""
    names = {order.name: order for order in protocol.words}
    starters = protocol.problem.starters(protocol.n)
    orders = {me: protocol.orders[me % 2 == 0] for me in starters}
    seats = [Seat(protocol.seen_by(me), me, orders.get(me)) for me in range(protocol.n)]
    while any(seat.decision is None for seat in seats):
        sent = [(seat.sending(), seat.outbox()) for seat in seats]
        yield sent
        for seat in seats:
            if seat.decision is None:
                letters = {other.me: sealed(addressed_to(seat.me, sent[other.me][1])) for other in seats}
                seat.advance(Mailbox(letters, names))


@pytest.mark.parametrize("protocol", [OM(n=5, m=2), EIG(n=4, m=2)])
def test_relays_of_a_tree_are_the_same_deferred_and_listed(protocol: Protocol) -> None:
    deferred_of_any = False
    everyone = range(protocol.n)
    for deferred, listed in chain.from_iterable(rounds(protocol)):
        deferred_of_any |= not isinstance(deferred, Listed)
        assert deferred.number == listed.number == len(list(deferred))
        assert [deferred.to(receiver) for receiver in everyone] == [listed.to(receiver) for receiver in everyone]
        for label in [*listed, "no such label", (0, 0), ()]:
            said = [deferred.said(label, receiver) for receiver in everyone]
            assert said == [listed.said(label, receiver) for receiver in everyone]
        assert list(deferred.chains()) == list(listed.chains()) == []
    assert deferred_of_any


class Varied(Protocol):
    """General 0 sends orders to some and to all, and signs one."""

    def general(self, me: General, order: Order) -> Program:
        yield [send(ATTACK, [1], "x"), send(RETREAT, [2], "x"), broadcast(ATTACK, "y", without=[1]), sign(ATTACK)]
        return RETREAT


def test_what_a_program_writes_is_found_by_label_and_by_receiver() -> None:
    sent = Seat(Varied(n=3), 0, ATTACK).sending()
    (signed,) = sent.chains()
    assert (str(signed), sent.number) == ("ATTACK:0", 3)
    assert [label for label, _ in sent.written()] == ["x", "x", "y", signed]
    assert sent.to(1) == {"x": ATTACK, signed: ATTACK}
    assert sent.to(2) == {"x": RETREAT, "y": ATTACK, signed: ATTACK}
    assert [sent.said("x", receiver) for receiver in range(3)] == [None, ATTACK, RETREAT]
    changed = sent.remade(lambda order: ABSENT if order == ATTACK else order)
    assert [changed.said("x", receiver) for receiver in range(3)] == [None, ABSENT, RETREAT]


def test_a_tree_that_is_relayed_whole_is_not_among_what_is_written() -> None:
    first = Seat(EIG(n=4, m=1).seen_by(0), 0, ATTACK)
    assert [len(outbox.trees) for outbox in (first.sending(), first.outbox())] == [1, 0]
    assert [len(list(outbox.written())) for outbox in (first.sending(), first.outbox())] == [0, 1]
