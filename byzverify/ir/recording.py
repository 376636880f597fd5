"""Records what each general does: every general runs once, alone, on an inbox that records what he reads.

The law of this file: a program cannot look at what it reads, so it has only one run. Everything that a general sends
and decides is an expression of what he reads and starts with. What he sends to himself, he reads as he sent it. This
module knows programs. It must not know who fails, or how.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from byzverify.errors import RuleBroken
from byzverify.ir.expressions import Expression, Recorder
from byzverify.language.decisions import Decision
from byzverify.language.labels import Chain, Label, message_of
from byzverify.language.messages import General, Inbox
from byzverify.language.outgoing import NOTHING, Outgoing
from byzverify.language.protocol import Protocol
from byzverify.language.records import part_of
from byzverify.language.seat import Seat
from byzverify.language.values import ABSENT, Order


class RecordingInbox(Inbox):
    """An inbox in which every order is recorded as the site where it is read."""

    def __init__(self, protocol: Protocol, recorder: Recorder, round: int, me: General, sent: Outgoing) -> None:
        self._protocol = protocol
        self._recorder = recorder
        self._round = round
        self._me = me
        self._sent = sent

    def _read(self, sender: General, label: Label, default: Order) -> Order:
        if sender not in range(self._protocol.n):
            raise RuleBroken(f"reads from general {sender!r}, who does not exist")
        if type(label) is Chain and label.order not in [word.name for word in self._protocol.words]:
            raise RuleBroken(f"the order {label.order} is not one of {', '.join(map(str, self._protocol.words))}")
        if sender == self._me:
            own = _said(self._sent, label, self._me)
            return default if own is None else self._recorder.with_default(own, default)
        if not self._protocol.linked(sender, self._me):
            return default
        return self._recorder.read((self._round, sender, self._me, label), default)


@dataclass(frozen=True)
class Conduct:
    """All that a general does. sent: what he sends, round by round; he decides at the end of the last round."""

    me: General
    sent: Sequence[Outgoing]
    decision: Decision

    @property
    def rounds(self) -> int:
        """The number of rounds in which he takes part."""
        return len(self.sent)

    def addresses(self, round: int, receiver: General) -> list[Label]:
        """The labels under which he sends something to `receiver`, if he does not fail. It may be ABSENT."""
        return list(self.in_round(round).to(receiver))

    def says(self, round: int, receiver: General, label: Label, recorder: Recorder) -> Expression:
        """What he sends to `receiver` under a label, or in a field of a message, if he does not fail."""
        order = _said(self.in_round(round), label, receiver)
        return recorder.order(ABSENT if order is None else order)

    def in_round(self, round: int) -> Outgoing:
        """What he sends in a round; nothing after he has decided."""
        return self.sent[round - 1] if round <= self.rounds else NOTHING


def _said(sent: Outgoing, label: Label, receiver: General) -> Order | None:
    """What is said to `receiver` under a label, or in a field of a message; None if nothing is."""
    order = sent.said(message_of(label), receiver)
    return None if order is None else part_of(order, label)


def conduct(protocol: Protocol, me: General, recorder: Recorder) -> Conduct:
    """Everything that general `me` does. Raises ProtocolError if his program breaks a rule of the language."""
    order = recorder.started(me) if me in protocol.problem.starters(protocol.n) else None
    seat = Seat(protocol.seen_by(me), me, order)
    sent: list[Outgoing] = []
    while seat.decision is None:
        sent.append(seat.outbox())
        seat.advance(RecordingInbox(protocol, recorder, seat.round, me, sent[-1]))
    return Conduct(me, sent, seat.decision)
