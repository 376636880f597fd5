"""Plays a plan in the simulator, and records what each general reads, sends and decides.

This module runs programs on plain values, and judges. It knows no terms.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from byzverify.crosscheck.plans import Plan
from byzverify.errors import ByzverifyError
from byzverify.language.decisions import Decision, written
from byzverify.language.labels import Label, spelled
from byzverify.language.messages import Dispatch, General, Site
from byzverify.language.outgoing import Outgoing
from byzverify.language.protocol import Protocol
from byzverify.language.seat import Seat
from byzverify.language.values import Order
from byzverify.simulation.judging import failing_order, judge
from byzverify.simulation.post import Mailbox, sealed
from byzverify.simulation.rounds import Network, Run


class TooLong(Exception):
    """The run sends more orders than it may."""


@dataclass
class GeneralLog:
    """What one loyal general did in a run: what he started with, read and sent, round by round, and what he decided.

    inboxes: the letters of each round, by sender, as texts. sent: what he sent in each round, in words. Both are empty
    if the general is not recorded.
    """

    order: str | None
    inboxes: list[list[str]] = field(default_factory=list)
    sent: list[tuple[str, ...]] = field(default_factory=list)
    decision: Decision = None

    def decided(self) -> Any:
        """The decision, in the typed form of `written`."""
        return None if self.decision is None else written(self.decision, typed=True)


@dataclass
class RecordedRun:
    """One run that was played, in a form that can be sent to another process.

    parts: the log of each loyal general. orders: what generals started with. lies: messages that a loyal general would
    not have sent. sent: how many orders went from one general to another.
    """

    plan: Plan
    parts: dict[General, GeneralLog]
    orders: dict[General, Order]
    lies: dict[Site, Order]
    sent: int

    def run(self, protocol: Protocol) -> Run:
        """The run, with what the judge needs."""
        decisions = {general: part.decision for general, part in self.parts.items()}
        return Run(protocol, self.plan.modes, self.orders, decisions)

    def broken(self, protocol: Protocol) -> dict[str, tuple[General, ...]]:
        """The conditions that fail, by name, with the first witnesses for whom they fail."""
        return {one.condition.name: one.witnesses for one in judge(self.run(protocol)) if one.witnesses is not None}


def play(protocol: Protocol, plan: Plan, most: int, noted: Collection[General] | None = None) -> RecordedRun:
    """Play the plan until all loyal generals have decided. Raises TooLong if it would send more than `most`.

    noted: the generals whose inboxes and messages are recorded; by default all loyal ones. Raises ProtocolError if the
    program breaks a rule.
    """
    names = {order.name: order for order in protocol.orders}
    orders = {general: names[order.name] for general, order in plan.behaviour.starts.items()}
    network = Network(protocol, plan.modes, orders, plan.strategy(protocol))
    run = network.run
    seats = [Seat(protocol.seen_by(me), me, run.orders.get(me)) for me in range(protocol.n)]
    parts = {me: GeneralLog(run.orders[me].name if me in run.orders else None) for me in run.loyal}
    recorded = parts if noted is None else {me: parts[me] for me in noted if me in parts}
    while any(seats[me].decision is None for me in run.loyal):
        sending = [seat.sending() for seat in seats]
        if run.messages + sum(outgoing.number for outgoing in sending) * (protocol.n - 1) > most:
            raise TooLong
        for me, part in recorded.items():
            if seats[me].decision is None:
                part.sent.append(in_words(sending[me]))
        network.begin(sending)
        everything = [[sealed(content) for content in network.letters(seat.me)] for seat in seats]
        for seat, letters in zip(seats, everything, strict=True):  # letters are sealed before anybody goes on
            if seat.decision is None:
                if seat.me in recorded:
                    recorded[seat.me].inboxes.append(letters)
                seat.advance(Mailbox(dict(enumerate(letters)), network.names))
    for me, part in parts.items():
        part.decision = seats[me].decision
    lies = {(lie.round, lie.sender, lie.receiver, lie.label): lie.said for lie in run.lies}
    return RecordedRun(plan, parts, run.orders, lies, run.messages)


def played_again(protocol: Protocol, me: General, part: GeneralLog) -> GeneralLog:
    """What general `me` does when he runs alone with the same inboxes. Raises ProtocolError as `play` does."""
    names = {order.name: order for order in protocol.words}
    again = GeneralLog(part.order)
    seat = Seat(protocol.seen_by(me), me, None if part.order is None else names[part.order])
    for letters in part.inboxes:
        if seat.decision is not None:
            break
        again.sent.append(in_words(seat.sending()))
        again.inboxes.append(letters)
        seat.advance(Mailbox(dict(enumerate(letters)), names))
    again.decision = seat.decision
    return again


def in_words(sent: Outgoing) -> tuple[str, ...]:
    """What a general sends in a round, as texts that can be compared."""
    return tuple(
        _in_words(label, dispatch)
        for label, dispatches in sorted(sent.items(), key=lambda item: spelled(item[0]))
        for dispatch in dispatches
    )


def _in_words(label: Label, dispatch: Dispatch) -> str:
    about = f" about {spelled(label)}" if spelled(label) else ""
    to = "everyone" if dispatch.to is None else ", ".join(map(str, sorted(set(dispatch.to)))) or "nobody"
    without = f" but {', '.join(map(str, sorted(set(dispatch.without))))}" if dispatch.without else ""
    return f"{dispatch.value.name}{about} to {to}{without}"


Choice = tuple[str, tuple[General, ...]]
"""The name of a condition, and the witnesses for whom it is evaluated."""


def choices_of(protocol: Protocol, record: RecordedRun, most: int) -> list[Choice]:
    """Some choices of witnesses in a run: for each condition the first, the last, and then the next ones."""
    found: list[Choice] = []
    for condition in protocol.problem.conditions:
        deciders = [one for one in protocol.problem.deciders(protocol.n) if one in record.parts]
        every = list(combinations(deciders, condition.witnesses))
        found += [(condition.name, one) for one in list(dict.fromkeys([*every[:1], *every[-1:], *every]))[:most]]
    return found


def judged(protocol: Protocol, record: RecordedRun, choice: Choice) -> str:
    """What a condition says about these witnesses in a run: whether it applies to them, and whether it holds."""
    name, witnesses = choice
    if not set(witnesses) <= set(record.parts):
        return "has no witnesses"
    run = record.run(protocol)
    condition = next(one for one in protocol.problem.conditions if one.name == name)
    try:
        if not condition.applies(protocol, run.loyal):
            return "concerns nothing"
        order = failing_order(run, condition, witnesses)
    except ByzverifyError as error:
        return str(error)
    return "holds" if order is None else fails_for(order)


def fails_for(witnesses: Sequence[General]) -> str:
    """What `judged` says about a condition that fails for these witnesses in this order."""
    return f"fails for witnesses {', '.join(map(str, witnesses))}"


def answers(protocol: Protocol, records: Sequence[RecordedRun], choice: Choice) -> list[str]:
    """What the condition of a choice says about each run."""
    return [judged(protocol, record, choice) for record in records]
