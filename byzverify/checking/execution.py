"""Symbolic execution: run the generals' programs in lockstep on symbolic values, against every adversary at once.

Loyal generals run their own program, and so do those who fail in a milder mode, whose messages may lapse. A byzantine
traitor does not run at all, because whatever he might say is a variable of the `Adversary` at the place where somebody
reads it. Only the observers, whose decisions are asked for, are run beyond the last round that they take part in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from byzverify.checking.adversary import Adversary
from byzverify.errors import RuleBroken
from byzverify.language.conditions import Decision
from byzverify.language.faults import Fault, Faults, lies
from byzverify.language.messages import Chain, Dispatch, General, Inbox, Label
from byzverify.language.protocol import Protocol
from byzverify.language.seat import Seat, addressed
from byzverify.language.values import ABSENT, Order
from byzverify.logic.terms import Literal

Sent = Mapping[General, Mapping[Label, list[Dispatch]]]
"""What each running general's program sends in a round, by label."""


class Channel:
    """One round of one scenario: what reaches whom of what the programs send, and of what the adversary might say.

    everyone_runs: whether byzantine traitors run their programs, too.
    """

    everyone_runs = False

    def __init__(self, protocol: Protocol, faults: Faults, adversary: Adversary, round: int, sent: Sent) -> None:
        self.adversary = adversary
        self._protocol = protocol
        self._on_graph = bool(protocol.graph)
        self._faults = faults
        self._round = round
        self._sent = sent
        adversary.overhear(self._overheard())

    def read(self, sender: General, receiver: General, label: Label, default: Order) -> Order:
        """What `receiver` finds from `sender` under `label`."""
        sent = self._sent.get(sender)
        if sent is None and sender not in self._faults:
            raise RuleBroken(f"reads from general {sender!r}, and there is no such general")
        if self._on_graph and not self._protocol.linked(sender, receiver):
            return default
        if sent is None:
            return self.adversary.read(self._round, sender, receiver, label, default)
        order = addressed(sent.get(label, ()), receiver)
        if sender in self._faults and sender != receiver:
            order = self.adversary.lapsed(self._round, sender, receiver, label, ABSENT if order is None else order)
        elif order is None:
            return default
        algebra = self.adversary.algebra
        return algebra.with_default(algebra.order(order), default)

    def _overheard(self) -> Iterator[tuple[Chain, Literal]]:
        """The chains that reach liars from those who are none, each with where it does."""
        liars = [general for general, mode in self._faults.items() if lies(mode)]
        honest = [sender for sender in self._sent if sender not in liars]
        for sender in honest if liars else ():
            for label in self._sent[sender]:
                for liar in liars if type(label) is Chain else ():
                    came = self.read(sender, liar, label, ABSENT)
                    yield label, self.adversary.algebra.literal(came != ABSENT)


class SymbolicInbox(Inbox):
    """What reaches one general in one round."""

    def __init__(self, channel: Channel, me: General) -> None:
        self._channel = channel
        self._me = me

    def _read(self, sender: General, label: Label, default: Order) -> Order:
        return self._channel.read(sender, self._me, label, default)


@dataclass(frozen=True)
class Execution:
    """What came of it: what those who run started with, what the observers decided, and how many orders were sent."""

    orders: dict[General, Order]
    decisions: dict[General, Decision]
    dispatched: int


def execute(
    protocol: Protocol,
    faults: Faults,
    observers: Collection[General],
    adversary: Adversary,
    channel: type[Channel] = Channel,
) -> Execution:
    """Run the generals until the `observers` among them, who are loyal, have decided. channel: what each round is.

    Raises ProtocolError where a program breaks a rule, Stopped at the limit of the adversary's terms.
    """
    everyone = channel.everyone_runs
    running = [general for general in range(protocol.n) if everyone or faults.get(general) is not Fault.BYZANTINE]
    starters = protocol.problem.starters(protocol.n)
    orders: dict[General, Order] = {general: adversary.start(general) for general in running if general in starters}
    seats = {me: Seat(protocol.seen_by(me), me, orders.get(me)) for me in running}
    watched = [seats[observer] for observer in observers]
    others = [seat for seat in seats.values() if seat.me not in observers]
    rounds: list[dict[General, dict[Label, list[Dispatch]]]] = []
    while any(seat.decision is None for seat in watched):
        sent = {me: seat.outbox() for me, seat in seats.items()}
        rounds.append(sent)
        reached = channel(protocol, faults, adversary, len(rounds), sent)
        for group in (watched, others):
            for seat in group:
                if seat.decision is None:
                    adversary.algebra.terms.limit.check()
                    seat.advance(SymbolicInbox(reached, seat.me))
            if all(seat.decision is not None for seat in watched):
                break
    dispatched = sum(len(outbox) for sent in rounds for outbox in sent.values())
    for sent in rounds:
        sent.clear()  # programs that refer to themselves would hold on to all of it
    return Execution(orders, {seat.me: seat.decision for seat in watched}, dispatched)
