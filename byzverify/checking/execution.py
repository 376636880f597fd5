"""Symbolic execution: run the loyal generals' programs in lockstep on symbolic values, against every adversary at once.

Loyal generals run their own program; a traitor does not run at all, because whatever he might say is a variable
of the `Adversary` at the place where a loyal general reads it. Only the observers, whose decisions are asked
for, are run beyond the last round that they take part in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from byzverify.checking.adversary import Adversary
from byzverify.errors import RuleBroken
from byzverify.language.messages import Dispatch, General, Inbox, Label
from byzverify.language.protocol import Protocol
from byzverify.language.seat import Seat, addressed
from byzverify.language.values import Order

Sent = Mapping[General, Mapping[Label, list[Dispatch]]]
"""What each loyal general sends in a round, by label."""


class SymbolicInbox(Inbox):
    """What reaches one loyal general in one round: what loyal ones sent him, and what traitors might have said."""

    def __init__(
        self, adversary: Adversary, round: int, me: General, sent: Sent, traitors: Collection[General]
    ) -> None:
        self._adversary = adversary
        self._round = round
        self._me = me
        self._sent = sent
        self._traitors = traitors

    def _read(self, sender: General, label: Label, default: Order) -> Order:
        sent = self._sent.get(sender)
        if sent is None:
            if sender not in self._traitors:
                raise RuleBroken(f"reads from general {sender!r}, and there is no such general")
            return self._adversary.read(self._round, sender, self._me, label, default)
        order = addressed(sent.get(label, ()), sender, self._me, label)
        if order is None:
            return default
        algebra = self._adversary.algebra
        return algebra.with_default(algebra.order(order), default)


@dataclass(frozen=True)
class Execution:
    """What came of it: the loyal generals' starting orders, the observers' decisions, and how many orders were sent."""

    orders: dict[General, Order]
    decisions: dict[General, Order]
    dispatched: int


def execute(
    protocol: Protocol, traitors: Collection[General], observers: Collection[General], adversary: Adversary
) -> Execution:
    """Run the loyal generals until the `observers` among them have decided.

    Raises ProtocolError where a program breaks a rule, Stopped at the limit of the adversary's terms.
    """
    loyal = [general for general in range(protocol.n) if general not in traitors]
    starters = protocol.problem.starters(protocol.n)
    orders: dict[General, Order] = {general: adversary.start(general) for general in loyal if general in starters}
    seats = {me: Seat(protocol.seen_by(me), me, orders.get(me)) for me in loyal}
    watched = [seats[observer] for observer in observers]
    others = [seat for seat in seats.values() if seat.me not in observers]
    rounds: list[dict[General, dict[Label, list[Dispatch]]]] = []
    while any(seat.decision is None for seat in watched):
        sent = {me: seat.outbox() for me, seat in seats.items()}
        rounds.append(sent)
        for group in (watched, others):
            for seat in group:
                if seat.decision is None:
                    adversary.algebra.terms.limit.check()
                    seat.advance(SymbolicInbox(adversary, len(rounds), seat.me, sent, traitors))
            if all(seat.decision is not None for seat in watched):
                break
    dispatched = sum(len(outbox) for sent in rounds for outbox in sent.values())
    for sent in rounds:
        sent.clear()  # programs that refer to themselves would hold on to all of it
    decisions = {seat.me: adversary.algebra.order(seat.decision) for seat in watched if seat.decision is not None}
    return Execution(dict(orders), dict(decisions), dispatched)
