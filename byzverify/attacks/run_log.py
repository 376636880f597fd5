"""The log of an attack: every message, also from loyal generals, and how each general computed what he says.

A replay contains what the simulator saw: what faulty generals said, and what loyal ones decided. The log derives the
rest from the recorded programs: what loyal generals said, what a loyal general would have said in a traitor's place,
and the value of each expression in a decision. The log is compared with the replay, and judges nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from byzverify.errors import ReplayMismatch, UsageError
from byzverify.ir.expressions import Expression, Recorder
from byzverify.ir.interpretation import Interpretation
from byzverify.ir.recording import Conduct, conduct
from byzverify.language.decisions import written
from byzverify.language.messages import General, Label, Site
from byzverify.language.records import Form, Record, message_of, part_of
from byzverify.language.values import ABSENT, PLAIN, Order, Truth, is_absent
from byzverify.simulation.judging import Replay


@dataclass(frozen=True)
class LoggedMessage:
    """One message in a letter: what was said, and what a loyal general with the same inbox would have said.

    If the label is that of one field of a message, it is that field. `ABSENT` means that nothing is said.
    """

    round: int
    sender: General
    receiver: General
    label: Label
    said: Order
    honest: Order

    @property
    def site(self) -> Site:
        """The site of this message: (round, sender, receiver, label)."""
        return self.round, self.sender, self.receiver, self.label

    @property
    def is_lie(self) -> bool:
        """Whether it differs from what a loyal general would have said. It is a lapse if the sender can only omit."""
        return self.said.name != self.honest.name


class RunLog:
    """What happened in a replayed run, and why.

    conducts: what each general's program does, as recorded; for a faulty general, what his shadow does. recorder: the
    recorder of these programs. faultless: interprets expressions as if nobody had failed, with the same starting
    orders. The constructor raises ReplayMismatch if the recorded programs reach other decisions than the simulator,
    UsageError for a long run that ended before all loyal generals had decided.
    """

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        self.run = replay.run
        if self.run.decided != self.run.loyal:
            raise UsageError(f"{self.run.messages:,} orders were sent before the end of the attack, too many to list")
        protocol = self.run.protocol
        self.recorder = Recorder(protocol.words)
        self.conducts: list[Conduct] = [conduct(protocol, me, self.recorder) for me in range(protocol.n)]
        start = self.run.orders.__getitem__
        self._meant = Interpretation(PLAIN, protocol.words, self._read, start)
        self.faultless = Interpretation(PLAIN, protocol.words, self._read_if_nobody_failed, start)
        for general in self.run.loyal:
            decided = written(self._meant.decision(self.conducts[general].decision))
            if decided != written(self.run.decisions[general]):
                raise ReplayMismatch(
                    f"general {general} decides {written(self.run.decisions[general])} in the simulator, and {decided} "
                    "in the recording of his program: either the program looks at values in a way that the language "
                    "cannot notice, or this is a bug in byzverify; if it is, please report it"
                )

    def value(self, expression: Expression) -> Order | Truth:
        """The value of an expression of a recorded program in this run."""
        return self._meant.value(expression)

    def told(self) -> Iterator[LoggedMessage]:
        """All messages between generals, and those that should have been sent and were not, in the order of rounds.

        A run ends when all loyal generals have decided, so messages to faulty generals in the last round are left out.
        """
        n = self.run.protocol.n
        for round in range(1, self.run.rounds + 1):
            for sender in range(n):
                for receiver in range(n):
                    unopened = round == self.run.rounds and receiver in self.run.faults
                    if receiver != sender and self.run.protocol.linked(sender, receiver) and not unopened:
                        yield from self._letter(round, sender, receiver)

    def at(self, site: Site) -> LoggedMessage:
        """The message at one site."""
        round, sender, receiver, label = site
        message = message_of(label)
        honest = said = self._honest((round, sender, receiver, message), self._meant)
        if sender in self.run.faults and sender != receiver:
            said = self.run.said.get((round, sender, receiver), {}).get(message, ABSENT)
        return LoggedMessage(round, sender, receiver, label, part_of(said, label), part_of(honest, label))

    def if_nobody_failed(self, site: Site) -> Order:
        """What would have been said at one site if nobody had failed."""
        round, sender, receiver, label = site
        return part_of(self._honest((round, sender, receiver, message_of(label)), self.faultless), label)

    def _honest(self, site: Site, meant: Interpretation) -> Order:
        """What the sender's program says at a site if `meant` gives its expressions their values."""
        round, sender, receiver, label = site
        if type(label) is not Form:
            return meant.order(self.expression(site))
        places = {part.name: (round, sender, receiver, part) for part in label.parts()}
        orders = {name: meant.order(self.expression(place)) for name, place in places.items()}
        came = not is_absent(orders.pop(None))
        return Record(orders) if came else ABSENT

    def never_says(self, site: Site) -> bool:
        """Whether nothing can be said at a site: its sender is loyal, and his program says nothing there."""
        round, sender, receiver, label = site
        return sender not in self.run.faults and message_of(label) not in self.conducts[sender].addresses(
            round, receiver
        )

    def expression(self, site: Site) -> Expression:
        """The expression that the sender's program says at a site: for an order, or for a field of a message."""
        round, sender, receiver, label = site
        return self.conducts[sender].says(round, receiver, label, self.recorder)

    def _letter(self, round: int, sender: General, receiver: General) -> Iterator[LoggedMessage]:
        labels = self.conducts[sender].addresses(round, receiver)
        others = self.run.said.get((round, sender, receiver), {}) if sender in self.run.faults else {}
        for label in dict.fromkeys([*labels, *others]):
            told = self.at((round, sender, receiver, label))
            if not is_absent(told.said) or told.is_lie:
                yield told

    def _read(self, site: Site, silence: Order) -> Order:
        return _heard(self.at(site).said, silence)

    def _read_if_nobody_failed(self, site: Site, silence: Order) -> Order:
        return _heard(self.if_nobody_failed(site), silence)


def _heard(said: Order, silence: Order) -> Order:
    return silence if is_absent(said) else said
