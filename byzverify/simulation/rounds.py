"""The simulator: synchronous rounds of isolated generals who exchange letters.

Every general, loyal or not, runs the protocol's program on his own copy of the protocol and on the letters that he
gets. A traitor's program is only his shadow: his strategy chooses what he really sends, and the channel lets only
possible messages through. This module runs programs of the language; `Network` carries letters between generals of
any kind. It does not judge, and it knows neither terms nor solvers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from byzverify.language.decisions import Decision
from byzverify.language.faults import Fault, Faults, faults_of
from byzverify.language.labels import Label
from byzverify.language.messages import General
from byzverify.language.outgoing import Outgoing
from byzverify.language.protocol import Protocol
from byzverify.language.seat import Seat
from byzverify.language.values import ABSENT, Order
from byzverify.limits import NO_LIMIT, Limit
from byzverify.simulation.channel import Channel
from byzverify.simulation.post import Content, Mailbox, sealed
from byzverify.simulation.traitors import Strategy


@dataclass(frozen=True)
class Lie:
    """One message that differs from what a loyal general with the same inbox would have sent.

    It is an order under a label, or a message of several fields that differs in at least one of them. If the sender's
    fault mode only allows omissions, it is a lapse.
    """

    round: int
    sender: General
    receiver: General
    label: Label
    honest: Order
    said: Order


@dataclass
class Run:
    """What happened: who decided what, everything that faulty generals said, and which of it were lies or lapses.

    faults: who was faulty, and in which mode. said: the content of every letter from a faulty general to another
    general, by (round, sender, receiver). bent: the strategy's impossible wishes, a line each. messages: how many
    orders went from one general to another, if the run lasted until `everyone` had decided; a message of several
    fields counts as one.
    """

    protocol: Protocol
    faults: Faults
    orders: dict[General, Order]
    decisions: dict[General, Decision] = field(default_factory=dict)
    said: dict[tuple[int, General, General], Content] = field(default_factory=dict, repr=False)
    lies: list[Lie] = field(default_factory=list, repr=False)
    bent: list[str] = field(default_factory=list, repr=False)
    rounds: int = 0
    messages: int = 0

    @property
    def loyal(self) -> list[General]:
        """The loyal generals, ascending."""
        return [general for general in range(self.protocol.n) if general not in self.faults]

    @property
    def decided(self) -> list[General]:
        """The loyal generals who have decided, ascending: all of them, unless the run ended earlier."""
        return [general for general in self.loyal if general in self.decisions]


class Network:
    """The network of one run: carries the letters and records them in `run`.

    In each round it takes what every general's program sends, and returns what really reaches each general. The code
    that drives the programs calls `begin`, then `letters` once for each general who still gets letters.
    """

    def __init__(
        self,
        protocol: Protocol,
        traitors: Collection[General] | Mapping[General, Fault],
        orders: Mapping[General, Order],
        strategy: Strategy,
    ) -> None:
        # New objects: as in the checker, an order that arrives is equal to ATTACK but is not the same object.
        self.names = {order.name: Order(order.name) for order in protocol.words}
        starters = protocol.problem.starters(protocol.n)
        started = {general: self.names[orders.get(general, protocol.orders[0]).name] for general in starters}
        self.run = Run(protocol, faults_of(traitors), started)
        self._channel = Channel(protocol, self.run.faults, strategy)
        self.run.bent = self._channel.bent

    def begin(self, sent: Sequence[Outgoing]) -> None:
        """Begin the next round, in which each general's program sends this.

        Raises ProtocolError if a program extends a chain that it has not received.
        """
        self.run.rounds += 1
        self._channel.begin(sent)
        for sender, letters in self._channel.lapsed.items():  # to every receiver, to show if all were told the same
            self.run.said |= {(self.run.rounds, sender, receiver): said for receiver, said in letters.items() if said}

    def letters(self, receiver: General) -> list[Content]:
        """What each general really sends `receiver` in this round, by sender."""
        return [self._said(sender, receiver) for sender in range(self.run.protocol.n)]

    def mailbox(self, letters: Iterable[Content]) -> Mailbox:
        """The letters as a program of the language reads them."""
        return Mailbox({sender: sealed(content) for sender, content in enumerate(letters)}, self.names)

    def _said(self, sender: General, receiver: General) -> Content:
        honest = self._channel.honest(sender, receiver)
        content = self._channel.letter(sender, receiver, honest)
        if sender != receiver:
            self.run.messages += len(content)
            if sender in self.run.faults:
                if content:
                    self.run.said[self.run.rounds, sender, receiver] = content
                self._record_lies(sender, receiver, honest, content)
        return content

    def _record_lies(self, sender: General, receiver: General, honest: Content, content: Content) -> None:
        for label in {**honest, **content}:
            true, said = honest.get(label, ABSENT), content.get(label, ABSENT)
            if true.name != said.name:
                self.run.lies.append(Lie(self.run.rounds, sender, receiver, label, true, said))


def run(
    protocol: Protocol,
    traitors: Collection[General] | Mapping[General, Fault],
    orders: Mapping[General, Order],
    strategy: Strategy,
    *,
    everyone: bool = False,
    awaited: Collection[General] | None = None,
    limit: Limit = NO_LIMIT,
) -> Run:
    """Run the protocol until all loyal generals have decided; with `everyone`, until the traitors' shadows have too.

    awaited: the loyal generals whose decisions end the run, if not all; the others then run no further than needed.
    traitors: the faulty generals; byzantine if no mode is given. orders: what each general starts with, a traitor's
    shadow included; a general who is not named starts with the fallback. Raises ProtocolError if a program breaks a
    rule, Stopped at the limit.
    """
    network = Network(protocol, traitors, orders, strategy)
    result = network.run
    seats = [Seat(protocol.seen_by(me), me, result.orders.get(me)) for me in range(protocol.n)]
    waiting = result.loyal if awaited is None else awaited
    watched = seats if everyone else [seat for seat in seats if seat.me in waiting]
    watched_first = sorted(seats, key=lambda seat: (seat not in watched, seat.me in result.faults))
    while _undecided(watched):
        network.begin([seat.sending() for seat in seats])
        for seat in watched_first:
            if not _undecided(watched) and seat not in watched:
                break
            limit.step()
            letters = network.letters(seat.me)
            limit.spend(sum(map(len, letters)))
            if seat.decision is None:
                seat.advance(network.mailbox(letters))
    result.decisions = {seat.me: seat.decision for seat in seats if seat.decision is not None}
    return result


def _undecided(seats: Iterable[Seat]) -> bool:
    return any(seat.decision is None for seat in seats)
