"""The log of an attack: every order that was told, by the loyal too, and how each general came to what he says.

A replay tells what the simulator saw: what faulty generals said, what the loyal decided. The log adds what follows
from it by the recorded programs: what the loyal said, what a loyal general would have said in a traitor's place, and
the value of each expression that a decision is made of. It is held against the replay, and decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from byzverify.attacks.attack import Replay
from byzverify.errors import ReplayMismatch, UsageError
from byzverify.ir.expressions import Expression, Recorder
from byzverify.ir.interpretation import Interpretation
from byzverify.ir.recording import Conduct, conduct
from byzverify.language.conditions import written
from byzverify.language.messages import General, Label, Site
from byzverify.language.records import Form, Record, message_of, part_of
from byzverify.language.values import ABSENT, PLAIN, Order, Truth, is_absent


@dataclass(frozen=True)
class LoggedMessage:
    """One message in a letter: what was said, and what a loyal general with the same inbox would have said.

    At a site that is read it may be one field of a message. Either is `ABSENT` where nothing is said.
    """

    round: int
    sender: General
    receiver: General
    label: Label
    said: Order
    honest: Order

    @property
    def site(self) -> Site:
        """Where it is told."""
        return self.round, self.sender, self.receiver, self.label

    @property
    def is_lie(self) -> bool:
        """Whether it differs from what a loyal general would have said; a lapse, where the sender only leaves out."""
        return self.said.name != self.honest.name


class RunLog:
    """What happened in a replayed run, and why.

    conducts: what each general's program does; of a faulty one, what his shadow does. recorder: what they are written
    down by. faultless: what everything would have come to had nobody failed, every general starting as he does here.
    Making one raises ReplayMismatch where the programs, as they are recorded, come to other decisions than in the
    simulator, UsageError for a long run that ended before all loyal generals had decided.
    """

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        self.run = replay.run
        if self.run.decided != self.run.loyal:
            raise UsageError(f"{self.run.messages:,} orders were told before the attack's end, too many to tell of all")
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
                    "as his program is recorded: either the program looks at values in a way that the language cannot "
                    "notice, or this is a bug in byzverify; if it is, please report it"
                )

    def value(self, expression: Expression) -> Order | Truth:
        """What an expression of a recorded program came to in this run."""
        return self._meant.value(expression)

    def told(self) -> Iterator[LoggedMessage]:
        """All that generals told each other, and what they should have told and did not, in the order of the rounds.

        A run ends when all loyal generals have decided: what faulty ones get in the last round is no part of it.
        """
        n = self.run.protocol.n
        for round in range(1, self.run.rounds + 1):
            for sender in range(n):
                for receiver in range(n):
                    unopened = round == self.run.rounds and receiver in self.run.faults
                    if receiver != sender and self.run.protocol.linked(sender, receiver) and not unopened:
                        yield from self._letter(round, sender, receiver)

    def at(self, site: Site) -> LoggedMessage:
        """What was told at one site."""
        round, sender, receiver, label = site
        message = message_of(label)
        honest = said = self._honest((round, sender, receiver, message), self._meant)
        if sender in self.run.faults and sender != receiver:
            said = self.run.said.get((round, sender, receiver), {}).get(message, ABSENT)
        return LoggedMessage(round, sender, receiver, label, part_of(said, label), part_of(honest, label))

    def if_nobody_failed(self, site: Site) -> Order:
        """What would have been told at one site."""
        round, sender, receiver, label = site
        return part_of(self._honest((round, sender, receiver, message_of(label)), self.faultless), label)

    def _honest(self, site: Site, meant: Interpretation) -> Order:
        """What the sender's program says there, whose expressions mean this."""
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
        """How the program of a site's sender comes to what it says there: an order, or what is in a field."""
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
