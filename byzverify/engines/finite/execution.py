"""Symbolic execution: run the generals' programs in lockstep on symbolic values, against every adversary at once.

Loyal generals run their own programs, and so do generals with milder faults, whose messages may lapse. A byzantine
traitor does not run at all, because whatever he might say is a variable of the `Adversary` at the site where it is
read. Only the decisions of the observers are needed, so the run ends as soon as they all have decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from byzverify.engines.finite.adversary import Adversary
from byzverify.engines.finite.failure_semantics import runs_program
from byzverify.engines.finite.resolving import Resolver
from byzverify.errors import RuleBroken
from byzverify.language.decisions import Decision
from byzverify.language.faults import Faults, lies
from byzverify.language.gathering import Path, Rule, Tree
from byzverify.language.messages import Chain, General, Inbox, Label
from byzverify.language.outgoing import Outgoing
from byzverify.language.protocol import Protocol
from byzverify.language.records import NO_MESSAGE, Form, Part, Record
from byzverify.language.seat import Seat
from byzverify.language.values import ABSENT, Order
from byzverify.logic.terms import Literal

Sent = Mapping[General, Outgoing]
"""What each running general's program sends in a round."""


class SymbolicChannel:
    """One round of one scenario: what reaches each general, from the programs and from the adversary.

    number: the number of the round, from 1. everyone_runs: whether byzantine traitors run their programs, too.
    """

    everyone_runs = False

    def __init__(self, protocol: Protocol, faults: Faults, adversary: Adversary, round: int, sent: Sent) -> None:
        self.adversary = adversary
        self._protocol = protocol
        self._on_graph = bool(protocol.graph)
        self._faults = faults
        self.number = round
        self._sent = sent
        self._messages: dict[tuple[General, General, Form], Record] = {}
        adversary.overhear(self._overheard())

    def read(self, sender: General, receiver: General, label: Label, default: Order) -> Order:
        """What `receiver` reads from `sender` under `label`."""
        sent = self._sent.get(sender)
        if sent is None and sender not in self._faults:
            raise RuleBroken(f"reads from general {sender!r}, who does not exist")
        if self._on_graph and not self._protocol.linked(sender, receiver):
            return default
        if type(label) is Part:
            return self.field(sender, receiver, label, default)
        if sent is None:
            return self.adversary.read(self.number, sender, receiver, label, default)
        order = sent.said(label, receiver)
        if sender in self._faults and sender != receiver:
            order = self.adversary.lapsed(self.number, sender, receiver, label, ABSENT if order is None else order)
        elif order is None:
            return default
        algebra = self.adversary.algebra
        return algebra.with_default(algebra.order(order), default)

    def field(self, sender: General, receiver: General, part: Part, default: Order) -> Order:
        """What `receiver` reads in one field of a message from `sender`, or whether the message came."""
        place = sender, receiver, part.form
        if place not in self._messages:
            self._messages[place] = self._whole(sender, receiver, part.form)
        algebra = self.adversary.algebra
        return algebra.with_default(algebra.order(self._messages[place].part(part.name)), default)

    def _whole(self, sender: General, receiver: General, form: Form) -> Record:
        """The message of this form from `sender` as it reaches `receiver`."""
        if sender not in self._sent:
            return self.adversary.message(self.number, sender, receiver, form)
        honest = self.honest(sender, receiver, form)
        if sender in self._faults and sender != receiver:
            return self.adversary.lapsed_message(self.number, sender, receiver, form, honest)
        return honest

    def honest(self, sender: General, receiver: General, form: Form) -> Record:
        """What the program of `sender` says to `receiver` in a message of this form."""
        said = self._sent[sender].said(form, receiver)
        return said if isinstance(said, Record) else NO_MESSAGE

    def _overheard(self) -> Iterator[tuple[Chain, Literal]]:
        """The chains that reach lying generals from the others, each with the literal that says whether it does."""
        liars = [general for general, mode in self._faults.items() if lies(mode)]
        honest = [sender for sender in self._sent if sender not in liars]
        for sender in honest if liars else ():
            for chain in self._sent[sender].chains():
                for liar in liars:
                    came = self.read(sender, liar, chain, ABSENT)
                    yield chain, self.adversary.algebra.literal(came != ABSENT)


class SymbolicInbox(Inbox):
    """What reaches one general in one round."""

    def __init__(self, channel: SymbolicChannel, me: General, resolver: Resolver | None) -> None:
        self._channel = channel
        self._me = me
        self._resolver = resolver

    def _read(self, sender: General, label: Label, default: Order) -> Order:
        return self._channel.read(sender, self._me, label, default)

    def resolved(self, tree: Tree, rule: Rule, path: Path) -> Order:
        levels = [inbox._channel for inbox in tree.levels if isinstance(inbox, SymbolicInbox)]
        found = None if self._resolver is None else self._resolver.resolve(tree, rule, path, self._me, levels)
        return tree.by_recursion(rule, path) if found is None else found


@dataclass(frozen=True)
class Execution:
    """The result of a run: the orders that running generals started with, the observers' decisions, the number of
    orders sent.

    rounds: what was sent in each round; a resolver may still ask for it.
    """

    orders: dict[General, Order]
    decisions: dict[General, Decision]
    dispatched: int
    rounds: Sequence[dict[General, Outgoing]]

    def forget(self) -> None:
        """Release what was sent, which programs that refer to themselves would otherwise keep alive."""
        for sent in self.rounds:
            sent.clear()


def execute(
    protocol: Protocol,
    faults: Faults,
    observers: Collection[General],
    adversary: Adversary,
    channel: type[SymbolicChannel] = SymbolicChannel,
    resolver: Resolver | None = None,
) -> Execution:
    """Run the generals until the `observers`, who are loyal, have decided.

    channel: the class of each round. resolver: resolves trees; without one, all their paths are visited.

    Raises ProtocolError if a program breaks a rule, Stopped at the limit of the adversary's terms.
    """
    everyone = channel.everyone_runs
    running = [general for general in range(protocol.n) if everyone or runs_program(faults.get(general))]
    starters = protocol.problem.starters(protocol.n)
    orders: dict[General, Order] = {general: adversary.start(general) for general in running if general in starters}
    seats = {me: Seat(protocol.seen_by(me), me, orders.get(me)) for me in running}
    watched = [seats[observer] for observer in observers]
    others = [seat for seat in seats.values() if seat.me not in observers]
    rounds: list[dict[General, Outgoing]] = []
    limit = adversary.algebra.terms.limit
    while any(seat.decision is None for seat in watched):
        sent = {me: seat.sending() for me, seat in seats.items()}
        limit.spend(sum(outgoing.number for outgoing in sent.values()))
        rounds.append(sent)
        reached = channel(protocol, faults, adversary, len(rounds), sent)
        for group in (watched, others):
            for seat in group:
                if seat.decision is None:
                    limit.step()
                    seat.advance(SymbolicInbox(reached, seat.me, resolver))
            if all(seat.decision is not None for seat in watched):
                break
    limit.check()  # a program may have caught the error that says that it is reached
    dispatched = sum(outgoing.number for sent in rounds for outgoing in sent.values())
    return Execution(orders, {seat.me: seat.decision for seat in watched}, dispatched, rounds)
