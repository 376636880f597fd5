"""Interchangeable generals: checked, not believed.

The law of this file: a program that cannot tell the generals of a group apart treats them alike. It is run on
*names* in place of their numbers, and a name can only be compared for equality with another, so renaming the
generals of a group renames what the program does. Each general lists the group beginning with himself, so what
the first one does, renamed, is what the others do. What is left to check is that the order in which the rest of
the group is listed makes no difference: the program of the group's first general, and of every general outside
the groups, is run on fresh variables with the rest listed in two other orders that generate all of them, and
must send and decide the very same terms. The argument in full is in docs/explanation/traitor-sets.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NoReturn

from byzverify.checking.adversary import Adversary
from byzverify.checking.symbolic import SymbolicAlgebra, SymbolicOrder
from byzverify.errors import ProtocolError, RuleBroken
from byzverify.language.messages import Dispatch, General, Inbox, Label
from byzverify.language.protocol import Protocol
from byzverify.language.seat import Seat
from byzverify.language.values import Order
from byzverify.limits import NO_LIMIT, Limit
from byzverify.logic.terms import Literal, Terms


class Name:
    """A general of a group, as the program sees him during this check: good for `==`, `in` and as a key, no more."""

    __slots__ = ("general", "group")

    def __init__(self, general: General, group: frozenset[General]) -> None:
        self.general = general
        self.group = group

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Name):
            return self.general == other.general
        try:
            taken = other in self.group
        except TypeError:  # what cannot be hashed is no number
            return False
        if taken:
            raise RuleBroken(f"compares a general with the number {other}; take him from self.generals")
        return False

    def __hash__(self) -> int:
        return self.general  # as the number's, so that looking up one by the other comes to the comparison above

    def __bool__(self) -> bool:
        if 0 in self.group:
            raise RuleBroken("takes a general for a truth, and general 0 is none; compare him with ==")
        return True

    def __repr__(self) -> NoReturn:
        raise RuleBroken("writes a general's number into a text")


class FreshInbox(Inbox):
    """An inbox in which every order is a variable of its own. It notes the labels that are read."""

    def __init__(self, adversary: Adversary, round: int, senders: Collection[Any], labels: list[Label]) -> None:
        self._adversary = adversary
        self._round = round
        self._senders = senders
        self._labels = labels

    def _read(self, sender: Any, label: Label, default: Order) -> Order:
        if type(sender) is not Name and sender not in self._senders:
            raise RuleBroken(f"reads from general {sender} by number; take him from self.generals or self.others()")
        self._labels.append(label)
        return self._adversary.read(self._round, sender, 0, label, default)


class BlankTerms(Terms):
    """Terms that are all the same: for running a program to see which way it goes, which no order can change."""

    def at_least(self, k: int, literals: Sequence[Literal], weights: Sequence[int] | None = None) -> Literal:
        return 2


class BlankInbox(Inbox):
    """An inbox in which every order is the same unknown one."""

    def __init__(self, unknown: Order, senders: Collection[Any]) -> None:
        self._unknown = unknown
        self._senders = senders

    def _read(self, sender: Any, label: Label, default: Order) -> Order:
        if type(sender) is not Name and sender not in self._senders:
            raise RuleBroken(f"reads from general {sender} by number; take him from self.generals or self.others()")
        return self._unknown


def asymmetry(protocol: Protocol, limit: Limit = NO_LIMIT) -> str | None:
    """Why the declared groups of generals are not interchangeable in this instance, in one line; None if they are."""
    groups = [frozenset(group) for group in protocol.groups]
    names: list[Any] = list(range(protocol.n))
    for group in groups:
        for general in group:
            names[general] = Name(general, group)
    leaders = [min(group) for group in groups if group]
    outside = [general for general in range(protocol.n) if not isinstance(names[general], Name)]
    labels: list[Label] = []
    try:
        for me in range(protocol.n):
            if me not in leaders + outside:
                _rehearse(protocol, me, names, limit)
        for me in leaders + outside:
            asymmetric = _depends_on_order(protocol, me, names, groups, labels, limit)
            if asymmetric:
                return asymmetric
        _keep_apart(labels)
    except (ProtocolError, RuleBroken) as error:
        return str(error)
    return None


def _rehearse(protocol: Protocol, me: General, names: list[Any], limit: Limit) -> None:
    """Run general `me` on names, whatever comes of it: the error counts that a name among numbers raises for him."""
    algebra = SymbolicAlgebra(BlankTerms(limit), protocol.orders)
    unknown = SymbolicOrder(algebra, (2,) * len(algebra.domain), True)
    order = unknown if me in protocol.problem.starters(protocol.n) else None
    seat = Seat(protocol.listing([names[g] for g in protocol.seen_by(me).generals]), names[me], order, f"general {me}")
    known = frozenset(names)
    while seat.decision is None:
        limit.check()
        for dispatches in seat.outbox().values():
            for sent in dispatches:
                _receivers(sent, known)
        seat.advance(BlankInbox(unknown, known))


def _depends_on_order(
    protocol: Protocol,
    me: General,
    names: list[Any],
    groups: Sequence[frozenset[General]],
    labels: list[Label],
    limit: Limit,
) -> str | None:
    base = protocol.seen_by(me).generals
    terms = Terms(limit)
    reference = _conduct(protocol, me, [names[general] for general in base], names, labels, terms)
    for other in _rearranged(base, me, groups):
        if _conduct(protocol, me, [names[general] for general in other], names, [], terms) != reference:
            return f"what general {me} says or decides depends on the order in which he goes through the generals"
    return None


def _conduct(
    protocol: Protocol, me: General, listing: list[Any], names: list[Any], labels: list[Label], terms: Terms
) -> list[Any]:
    """Everything that general `me` says, round by round, and his decision, as literals of `terms`."""
    algebra = SymbolicAlgebra(terms, protocol.orders)
    adversary = Adversary(algebra)
    order = adversary.start(me) if me in protocol.problem.starters(protocol.n) else None
    seat = Seat(protocol.listing(listing), names[me], order, f"general {me}")
    known = frozenset(names)
    conduct: list[Any] = []
    while seat.decision is None:
        outbox = seat.outbox()
        labels.extend(outbox)
        conduct.append(
            {
                (label, *_receivers(sent, known)): _bits(algebra, sent.value)
                for label, dispatches in outbox.items()
                for sent in dispatches
            }
        )
        seat.advance(FreshInbox(adversary, seat.round, known, labels))
    return [*conduct, _bits(algebra, seat.decision)]


def _keep_apart(labels: Iterable[Label]) -> None:
    """Raise RuleBroken where, at one place of a label, now a general stands and now a number that a general has.

    To this check they are different, in a real run they could be the same.
    """
    tuples: dict[int, list[tuple[Any, ...]]] = {}
    numbers, taken = set(), set()
    for part in labels:
        if isinstance(part, tuple):
            tuples.setdefault(len(part), []).append(part)
        elif isinstance(part, Name):
            taken.add(part.group)
        else:
            numbers.add(part)
    if any(number in group for group in taken for number in numbers):
        raise RuleBroken("a label has generals and other numbers in the same place")
    for alike in tuples.values():
        for column in zip(*alike, strict=True):
            _keep_apart(set(column))


def _receivers(sent: Dispatch, names: frozenset[Any]) -> tuple[frozenset[Any] | None, frozenset[Any]]:
    to, without = None if sent.to is None else frozenset(sent.to), frozenset(sent.without)
    if not (to or without) <= names or not without <= names:
        raise RuleBroken("sends to a general by number; take him from self.generals or self.others()")
    return to, without


def _bits(algebra: SymbolicAlgebra, order: Order) -> tuple[Literal, ...]:
    return algebra.order(order).bits


def _rearranged(
    listing: Sequence[General], me: General, groups: Sequence[frozenset[General]]
) -> Iterator[list[General]]:
    """For each group, two rearrangements of its members but `me`: they generate all the others."""
    for group in groups:
        places = [place for place, general in enumerate(listing) if general in group and general != me]
        for turned in (places[1:2] + places[:1] + places[2:], places[1:] + places[:1]):
            other = list(listing)
            for place, source in zip(places, turned, strict=True):
                other[place] = listing[source]
            if other != listing:
                yield other
