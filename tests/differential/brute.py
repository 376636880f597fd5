"""Brute force: every choice of faulty generals, in every mode, and all that they can do, one run each.

A runner of its own: it shares the language with byzverify, and neither the checker's terms, symmetry and sizes nor the
simulator's channel. Whenever a program reads what a faulty general says, every possibility is tried. A chain can come
from a liar if every signature in it that is no liar's was made by its owner, on the chain so far, and had reached a
liar before. A message of several fields is one choice: nothing, or something in each field. Every so often the
simulator plays the run as well: it must grant all of it, and come to the same decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations, product
from typing import assert_never

from byzverify.language import (
    ABSENT,
    Decision,
    Dispatch,
    General,
    Inbox,
    Label,
    Order,
    Outbox,
    Outcome,
    Protocol,
    same,
)
from byzverify.language.conditions import in_sight, shown
from byzverify.language.faults import Fault, Faults
from byzverify.language.messages import Bundle, Chain, SignedDispatch
from byzverify.language.records import Form, Part, Record
from byzverify.simulation.post import Content
from byzverify.simulation.rounds import run
from byzverify.simulation.traitors import Strategy

Fields = frozenset[tuple[Label, str]]
"""What is in the fields of a message; an empty one is left out."""

Said = str | Fields | None
"""The name of what is said, or what all fields say; None for nothing."""

Place = tuple[int, General, General | None, Label]
"""(round, sender, receiver, label); the receiver is None where one choice is made for all."""

EVERY_SO_OFTEN = 40
"""The simulator plays one in so many runs."""


class Choices:
    """A walk through all sequences of choices, the first option everywhere first."""

    def __init__(self) -> None:
        self._taken: list[list[int]] = []
        self._place = 0

    def among(self, options: int) -> int:
        """Which of so many options is taken this time."""
        if options == 1:
            return 0
        if self._place == len(self._taken):
            self._taken.append([0, options])
        self._place += 1
        return self._taken[self._place - 1][0]

    def another(self) -> bool:
        """Go on to the next sequence, if there is one."""
        self._place = 0
        while self._taken:
            self._taken[-1][0] += 1
            if self._taken[-1][0] < self._taken[-1][1]:
                return True
            self._taken.pop()
        return False


@dataclass
class World:
    """One run. What faulty generals say is chosen when it is read."""

    protocol: Protocol
    faults: Faults
    orders: Mapping[General, Order]
    choices: Choices
    sent: list[dict[General, dict[Label, dict[General, str | Fields]]]] = field(default_factory=list)
    chosen: dict[Place, Mapping[General, Said]] = field(default_factory=dict)
    crashes: dict[General, list[bool]] = field(default_factory=dict)

    def decisions(self) -> dict[General, Decision]:
        """Run until all loyal generals have decided, and give what they decide."""
        running = [g for g in range(self.protocol.n) if self.faults.get(g) is not Fault.BYZANTINE]
        programs = {g: self.protocol.seen_by(g).general(g, self.orders.get(g)) for g in running}
        outboxes: dict[General, Outbox] = {g: next(programs[g]) for g in running}
        decided: dict[General, Decision] = {}
        while not decided.keys() >= set(range(self.protocol.n)) - self.faults.keys():
            self.sent.append({g: self._posted(g, outbox) for g, outbox in outboxes.items()})
            for general in list(outboxes):
                try:
                    outboxes[general] = programs[general].send(Letters(self, len(self.sent), general))
                except StopIteration as stop:
                    decided[general] = stop.value
                    del outboxes[general]
        return {general: decided[general] for general in decided if general not in self.faults}

    def _posted(self, me: General, outbox: Outbox) -> dict[Label, dict[General, str | Fields]]:
        posted: dict[Label, dict[General, str | Fields]] = {}
        for label, value, receivers in self._addressed(me, outbox):
            said = _fields(value.parts) if isinstance(value, Record) else value.name
            nothing = not value.came if isinstance(value, Record) else value.name == ABSENT.name
            for receiver in () if nothing else receivers:
                assert receiver not in posted.setdefault(label, {})
                posted[label][receiver] = said
        return posted

    def _addressed(self, me: General, outbox: Outbox) -> Iterator[tuple[Label, Order, list[General]]]:
        """What is dispatched: under which label, what, and to whom it can go."""
        for dispatch in [outbox] if isinstance(outbox, Dispatch) else outbox or []:
            label = dispatch.label
            if isinstance(dispatch, Bundle):
                yield from self._bundled(me, dispatch)
                continue
            if isinstance(dispatch, SignedDispatch):
                label = Chain(label.order, (*label.signers, me))
            yield (
                label,
                dispatch.value,
                [
                    receiver
                    for receiver in range(self.protocol.n)
                    if (dispatch.to is None or receiver in dispatch.to) and receiver not in dispatch.without
                    if self._joined(me, receiver)
                ],
            )

    def _bundled(self, me: General, bundle: Bundle) -> Iterator[tuple[Label, Order, list[General]]]:
        """What one bundle is for each who gets any of it."""
        inside = list(self._addressed(me, bundle.outbox))
        for receiver in sorted({receiver for _, _, receivers in inside for receiver in receivers}):
            fields = {label: ABSENT for label, _, _ in inside}
            fields |= {label: value for label, value, receivers in inside if receiver in receivers}
            yield Form(bundle.label, frozenset(fields)), Record(fields, bundle.when), [receiver]

    def _joined(self, one: General, other: General) -> bool:
        return one == other or not self.protocol.graph or self.protocol.network.has_edge(one, other)

    def honest(self, round: int, sender: General, receiver: General, label: Label) -> Said:
        """What the sender's program says."""
        return self.sent[round - 1].get(sender, {}).get(label, {}).get(receiver)

    def says(self, round: int, sender: General, receiver: General, label: Label) -> Said:
        """What the sender says, chosen now if it has not been."""
        mode, honest = self.faults.get(sender), self.honest(round, sender, receiver, label)
        if mode is None or sender == receiver or not self._joined(sender, receiver):
            return honest
        match mode:
            case Fault.BYZANTINE:
                lies = [{receiver: lie} for lie in self._lies(round, label)]
                return self._choose((round, sender, receiver, label), lies)[receiver]
            case Fault.OMISSION | Fault.CRASH:
                return self._omits(round, sender, receiver, label)
            case Fault.SYMMETRIC:
                return self._says_to_all(round, sender, label, self._lies(round, label))[receiver]
            case Fault.MANIFEST:
                return self._says_to_all(round, sender, label, [None])[receiver]
            case _:
                assert_never(mode)

    def _omits(self, round: int, sender: General, receiver: General, label: Label) -> Said:
        mode, honest = self.faults[sender], self.honest(round, sender, receiver, label)
        if honest is None:  # nothing to lose here; when he crashes is chosen where it matters
            return None
        crash = self._crash(sender, round)
        if mode is Fault.CRASH and round > crash:
            return None
        if mode is Fault.CRASH and round < crash:
            return honest
        return self._choose((round, sender, receiver, label), [{receiver: honest}, {receiver: None}])[receiver]

    def _says_to_all(
        self, round: int, sender: General, label: Label, instead: Iterable[Said]
    ) -> Mapping[General, Said]:
        """What he should say, or one thing to all."""
        others = [g for g in range(self.protocol.n) if g != sender and self._joined(sender, g)]
        options = [{other: self.honest(round, sender, other, label) for other in others}]
        for lie in instead:
            alike: dict[General, Said] = dict.fromkeys(others, lie)
            options += [] if alike in options else [alike]
        return self._choose((round, sender, None, label), options)

    def _choose(self, place: Place, options: Sequence[Mapping[General, Said]]) -> Mapping[General, Said]:
        if place not in self.chosen:
            self.chosen[place] = options[self.choices.among(len(options))]
        return self.chosen[place]

    def _crash(self, general: General, until: int) -> int:
        """The round in which the general crashes, or a later one than `until`."""
        crashes = self.crashes.setdefault(general, [])
        if self.faults[general] is not Fault.CRASH:
            return until
        while len(crashes) < until and True not in crashes:
            speaks = bool(self.sent[len(crashes)].get(general))
            crashes.append(bool(self.choices.among(2)) if speaks else False)
        return crashes.index(True) + 1 if True in crashes else until + 1

    def _lies(self, round: int, label: Label) -> list[Said]:
        if isinstance(label, Chain):
            return [None, label.order] if self._can_be_made(round, label) else [None]
        words = [None, *(word.name for word in self.protocol.words)]
        if not isinstance(label, Form):
            return [*words]
        return [
            None,
            *(_written(zip(label.names(), said, strict=True)) for said in product(words, repeat=len(label.fields))),
        ]

    def _can_be_made(self, round: int, chain: Chain) -> bool:
        liars = [g for g, mode in self.faults.items() if mode in (Fault.BYZANTINE, Fault.SYMMETRIC)]
        return all(
            self._has_reached(liars, round if self.protocol.rushing else round - 1, chain, length)
            for length, signer in enumerate(chain.signers, start=1)
            if signer not in liars
        )

    def _has_reached(self, liars: list[General], until: int, chain: Chain, length: int) -> bool:
        """Whether some liar has had the first `length` signatures of the chain by then."""
        return any(
            self.says(round, sender, liar, label) is not None
            for round in range(1, until + 1)
            for sender, posted in self.sent[round - 1].items()
            for label in posted
            if sender not in liars and isinstance(label, Chain)
            if label.order == chain.order and label.signers[:length] == chain.signers[:length]
            for liar in liars
        )


def _fields(parts: Mapping[Label, Order]) -> Fields:
    return _written((name, order.name) for name, order in parts.items())


def _written(said: Iterable[tuple[Label, str | None]]) -> Fields:
    return frozenset((name, word) for name, word in said if word not in (None, ABSENT.name))


def _word(fields: Said, name: Label | None) -> Said:
    """What is in a field of a message; for None, some word if it came."""
    if not isinstance(fields, frozenset):
        return None
    return "RETREAT" if name is None else dict(fields).get(name)


class Letters(Inbox):
    """What one general reads in one round of a world."""

    def __init__(self, world: World, round: int, me: General) -> None:
        self._world = world
        self._round = round
        self._me = me

    def _read(self, sender: General, label: Label, default: Order) -> Order:
        if isinstance(label, Part):
            fields = self._world.says(self._round, sender, self._me, label.form)
            said = _word(fields, label.name)
        else:
            said = self._world.says(self._round, sender, self._me, label)
        return Order(said) if isinstance(said, str) else default


class AsChosen(Strategy):
    """Say what was chosen in a world; what nobody read there, as a loyal general would, or nothing after a crash."""

    def __init__(self, world: World) -> None:
        self._world = world

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        said: dict[Label, Order | None] = dict(honest)
        if self._world.faults[sender] is Fault.BYZANTINE and receiver != sender:
            said = {}
        crashes = self._world.crashes.get(sender, [])
        if True in crashes[: round - 1]:
            return {}
        for place, chosen in self._world.chosen.items():
            if place[:2] == (round, sender) and receiver in chosen:
                said[place[3]] = _order(place[3], chosen[receiver])
        return {label: order for label, order in said.items() if order is not None}


def _order(label: Label, said: Said) -> Order | None:
    if said is None or isinstance(said, str):
        return said if said is None else Order(said)
    fields = dict(said)
    return Record({name: Order(fields.get(name, ABSENT.name)) for name in label.fields})


def choices_of_faults(n: int, budget: Mapping[Fault, int]) -> Iterator[Faults]:
    """Every choice of faulty generals, of every size."""
    for modes in product([None, *budget], repeat=n):
        if all(modes.count(mode) <= most for mode, most in budget.items()):
            yield {general: mode for general, mode in enumerate(modes) if mode is not None}


def violated(
    protocol: Protocol, faults: Faults, orders: Mapping[General, Order], decided: Mapping[General, Decision]
) -> set[str]:
    """The names of the conditions that fail."""
    loyal, names = sorted(decided), set()
    started = {g: order for g, order in orders.items() if faults.get(g) not in (Fault.BYZANTINE, Fault.SYMMETRIC)}
    deciders = [general for general in loyal if general in protocol.problem.deciders(protocol.n)]
    listed = in_sight(protocol.groups, range(protocol.n))
    for condition in protocol.problem.conditions:
        for witnesses in permutations(deciders, condition.witnesses) if condition.concerns(protocol, loyal) else []:
            seen = shown(Outcome(loyal, started, decided, protocol), witnesses, listed)
            names |= set() if condition.holds(*seen) else {condition.name}
    return names


@dataclass
class Found:
    """What came of trying everything, as names of conditions.

    broken: those that can be broken. varied: those that ask about somebody whose decision, while certain generals fail,
    is not always the same. swayed: those where it is not even if the orders are the same, so that those who fail make
    the difference. runs: how many runs there were.
    """

    broken: set[str] = field(default_factory=set)
    varied: set[str] = field(default_factory=set)
    swayed: set[str] = field(default_factory=set)
    runs: int = 0


def broken(protocol: Protocol, budget: Mapping[Fault, int]) -> set[str]:
    """The names of the conditions that can be broken."""
    return explored(protocol, budget).broken


def explored(protocol: Protocol, budget: Mapping[Fault, int]) -> Found:
    """Try everything, until every condition is broken."""
    found = Found()
    for faults in choices_of_faults(protocol.n, budget):
        once: dict[General, Decision] = {}
        for orders in _starts(protocol, faults):
            first: dict[General, Decision] = {}
            for decided in _runs(protocol, faults, orders, found):
                found.broken |= violated(protocol, faults, orders, decided)
                if len(found.broken) == len(protocol.problem.conditions):
                    return found
                once, first = once or decided, first or decided
                found.varied |= _touched(protocol, once, decided) if faults else set()
                found.swayed |= _touched(protocol, first, decided)
    return found


def _starts(protocol: Protocol, faults: Faults) -> Iterator[dict[General, Order]]:
    """All that generals can start with; what byzantine ones start with makes no difference."""
    starters = [g for g in protocol.problem.starters(protocol.n) if faults.get(g) is not Fault.BYZANTINE]
    for started in product([Order(order.name) for order in protocol.orders], repeat=len(starters)):
        yield dict(zip(starters, started, strict=True))


def _runs(
    protocol: Protocol, faults: Faults, orders: Mapping[General, Order], found: Found
) -> Iterator[dict[General, Decision]]:
    """What loyal generals decide in each run that there can be."""
    choices = Choices()
    more = True
    while more:
        world = World(protocol, faults, orders, choices)
        decided = world.decisions()
        if found.runs % EVERY_SO_OFTEN == 0:
            played = run(protocol, faults, orders, AsChosen(world))
            assert not played.bent
            assert all(bool(same(played.decisions[general], decided[general])) for general in decided)
        found.runs += 1
        yield decided
        more = choices.another()


def _touched(protocol: Protocol, one: Mapping[General, Decision], other: Mapping[General, Decision]) -> set[str]:
    """The conditions that ask about somebody who decides otherwise in another run."""
    deciders = [general for general in one if general in protocol.problem.deciders(protocol.n)]
    if all(bool(same(one[general], other[general])) for general in deciders):
        return set()
    asked = [c for c in protocol.problem.conditions if c.witnesses <= len(deciders) and c.concerns(protocol, list(one))]
    return {condition.name for condition in asked}
