"""The simulator: synchronous rounds of isolated generals who exchange letters.

Every general, loyal or not, runs the protocol's program on a copy of the protocol of his own and on what he
reads in his letters; a traitor's program is only his shadow, and what he really sends is his strategy's choice.
This module runs programs and carries letters. It does not judge, and it knows neither terms nor solvers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from byzverify.language.messages import Dispatch, General, Label
from byzverify.language.protocol import Protocol
from byzverify.language.seat import Seat, addressed
from byzverify.language.values import ABSENT, Order
from byzverify.limits import NO_LIMIT, Limit
from byzverify.simulation.post import Content, Mailbox, sealed
from byzverify.simulation.strategies import Strategy

Sent = dict[Label, list[Dispatch]]


@dataclass(frozen=True)
class Lie:
    """One order, in one message, that differs from what a loyal general with the same inbox would have sent."""

    round: int
    sender: General
    receiver: General
    label: Label
    honest: Order
    said: Order


@dataclass
class Run:
    """What happened: who decided what, all that the traitors said, and which of it were lies.

    said: (round, sender, receiver) to the content of that letter, for every letter that a traitor sends another
    general. messages: how many orders went from one general to another, in a run of `everyone` to the end.
    """

    protocol: Protocol
    traitors: frozenset[General]
    orders: dict[General, Order]
    decisions: dict[General, Order] = field(default_factory=dict)
    said: dict[tuple[int, General, General], Content] = field(default_factory=dict, repr=False)
    lies: list[Lie] = field(default_factory=list, repr=False)
    rounds: int = 0
    messages: int = 0

    @property
    def loyal(self) -> list[General]:
        """The loyal generals, ascending."""
        return [general for general in range(self.protocol.n) if general not in self.traitors]


def run(
    protocol: Protocol,
    traitors: Collection[General],
    orders: Mapping[General, Order],
    strategy: Strategy,
    *,
    everyone: bool = False,
    limit: Limit = NO_LIMIT,
) -> Run:
    """Run the protocol until all loyal generals have decided; with `everyone`, until the traitors' shadows have too.

    orders: what each general starts with, a traitor's shadow included; who is not named starts with the fallback.
    Raises ProtocolError where a program breaks a rule, Stopped at the limit.
    """
    starters = protocol.problem.starters(protocol.n)
    # New objects: an order that arrives is equal to ATTACK, and not the same object, as in the checker.
    names = {order.name: Order(order.name) for order in protocol.orders}
    started = {general: names[orders.get(general, protocol.orders[0]).name] for general in starters}
    result = Run(protocol, frozenset(traitors), started)
    seats = [Seat(protocol.seen_by(me), me, started.get(me)) for me in range(protocol.n)]
    loyal_first = sorted(seats, key=lambda seat: seat.me in result.traitors)
    awaited = seats if everyone else [seat for seat in seats if seat.me not in result.traitors]
    while _undecided(awaited):
        result.rounds += 1
        outboxes = [seat.outbox() for seat in seats]
        for seat in loyal_first:
            if not _undecided(awaited) and seat not in awaited:
                break
            limit.check()
            said = [_said(result, strategy, sender, seat.me, sent) for sender, sent in enumerate(outboxes)]
            if seat.decision is None:
                seat.advance(Mailbox({sender: sealed(content) for sender, content in enumerate(said)}, names))
    result.decisions = {seat.me: seat.decision for seat in seats if seat.decision is not None}
    return result


def _undecided(seats: Iterable[Seat]) -> bool:
    return any(seat.decision is None for seat in seats)


def _said(result: Run, strategy: Strategy, sender: General, receiver: General, sent: Sent) -> Content:
    """What `sender` really sends `receiver` in this round; the record is kept."""
    honest = _honest(sent, sender, receiver)
    if sender not in result.traitors:
        content = honest
    else:
        said = strategy.says(result.rounds, sender, receiver, honest)
        content = {label: order for label, order in said.items() if order.name != ABSENT.name}
    if sender != receiver:
        result.messages += len(content)
        if sender in result.traitors:
            if content:
                result.said[result.rounds, sender, receiver] = content
            _record_lies(result, sender, receiver, honest, content)
    return content


def _honest(sent: Sent, sender: General, receiver: General) -> Content:
    content: Content = {}
    for label, dispatches in sent.items():
        order = addressed(dispatches, sender, receiver, label)
        if order is not None and order.name != ABSENT.name:
            content[label] = order
    return content


def _record_lies(result: Run, sender: General, receiver: General, honest: Content, content: Content) -> None:
    for label in {**honest, **content}:
        true, said = honest.get(label, ABSENT), content.get(label, ABSENT)
        if true.name != said.name:
            result.lies.append(Lie(result.rounds, sender, receiver, label, true, said))
