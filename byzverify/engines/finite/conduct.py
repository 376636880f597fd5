"""Conduct: what a general says and decides on fresh variables, in a form that can be compared.

Two runs of a program on the same variables have the same conduct if every message and the decision are identical terms.
A general is run on names or on numbers; in both cases, his conduct is expressed in names. This module compares nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from byzverify.engines.finite.adversary import Adversary
from byzverify.engines.finite.names import OWN, known_sender, names_of, receivers, renamed
from byzverify.engines.finite.rules import Rules, gathered, opaque
from byzverify.engines.finite.symbolic import SymbolicAlgebra
from byzverify.errors import RuleBroken
from byzverify.language.decisions import Decision
from byzverify.language.gathering import Path, Rule, Tree
from byzverify.language.labels import Chain, Label
from byzverify.language.messages import Dispatch, General, Inbox
from byzverify.language.outgoing import Outgoing
from byzverify.language.protocol import Protocol
from byzverify.language.records import Record
from byzverify.language.seat import Seat
from byzverify.language.values import Count, Order, Truth
from byzverify.logic.terms import TRUE, Literal

BY_NUMBERS = "what general {} says or decides depends on the numbers of the generals"
"""The error message for a general whose conduct on numbers differs from his conduct on names."""


class Cast:
    """The generals as one program sees them: names with the given hashes. Conduct is expressed in the names `ours`."""

    def __init__(self, protocol: Protocol, general: General, hashes: Mapping[General, General] = OWN) -> None:
        self.general = general
        self.title = f"general {general}"
        self.names = names_of(protocol, hashes)
        self.me = self.names[general]
        self.known = frozenset(self.names)
        self.ours = names_of(protocol)
        self.labels: list[Any] = []
        self.fields: list[Any] = []

    def who(self, one: Any) -> Any:
        """A general, or a set of generals, in our names: the same whatever hashes the program sees."""
        return renamed(one, self.ours)

    def label(self, label: Any) -> Any:
        """A label in our names."""
        self.labels.append(renamed(label, self.ours))
        return self.labels[-1]

    def note(self, paths: Iterable[Any]) -> None:
        """Record that these paths are examples of labels."""
        for path in paths:
            self.label(path)

    def field(self, name: Any) -> Any:
        """The name of a field in our names."""
        self.fields.append(renamed(name, self.ours))
        return self.fields[-1]


class OnNumbers(Cast):
    """A cast in which every general has a number. Conduct is still expressed in the names of the cast on names.

    numbers: the number that each general of the cast on names has here.
    """

    def __init__(self, protocol: Protocol, on_names: Cast, numbers: Mapping[General, General]) -> None:
        super().__init__(protocol, on_names.general)
        self.names = list(range(protocol.n))
        self.me = numbers[on_names.general]
        self.title = f"general {self.me}"
        self.known = frozenset(self.names)
        taken = [numbers[general] for general in self.names]
        self._who = dict(zip(taken, on_names.ours, strict=True))
        self._labels = {renamed(one, taken): one for one in on_names.labels}
        self._fields = {renamed(one, taken): one for one in on_names.fields}

    def who(self, one: Any) -> Any:
        """A general, or a set of generals, in the names of the cast on names."""
        return frozenset(map(self.who, one)) if isinstance(one, frozenset) else self._as_called(self._who, one)

    def label(self, label: Any) -> Any:
        """A label in the names of the cast on names. Raises RuleBroken if it did not occur there."""
        return self._as_called(self._labels, label)

    def note(self, paths: Iterable[Any]) -> None:
        """Nothing: which paths serve as examples depends on the order in which generals are listed."""

    def field(self, name: Any) -> Any:
        """The name of a field in the names of the cast on names."""
        return self._as_called(self._fields, name)

    def _as_called(self, names: Mapping[Any, Any], one: Any) -> Any:
        if one not in names:
            raise RuleBroken(BY_NUMBERS.format(self.me))
        return names[one]


class FreshInbox(Inbox):
    """An inbox in which every order is a variable of its own.

    The value of a path in a tree is such a variable, too, if the rule counts its values alike: then the value does not
    depend on the order in which generals are listed.
    """

    def __init__(self, adversary: Adversary, rules: Rules, cast: Cast, round: int) -> None:
        self._adversary = adversary
        self._rules = rules
        self._cast = cast
        self.round = round

    def _read(self, sender: Any, label: Label, default: Order) -> Order:
        known_sender(sender, label, self._cast.known)
        sender, label = self._cast.who(sender), self._cast.label(label)
        if type(label) is Chain:
            return self._adversary.signed(self.round, sender, 0, label, TRUE)
        return self._adversary.read(self.round, sender, 0, label, default)

    def resolved(self, tree: Tree, rule: Rule, path: Path) -> Order:
        regular = tree.is_regular(path, self._cast.me, self._cast.known)
        alike = gathered(self._rules, tree, rule, _rounds(tree), path) if regular else None
        if alike is None:
            return tree.by_recursion(rule, path)
        for general in path:
            known_sender(general, (), self._cast.known)
        for length in range(1, len(tree.levels) + 1):
            self._cast.note(tree.samples(length))
        return opaque(self._adversary.algebra, (alike, tuple(map(self._cast.who, path))), 0)


def _rounds(tree: Tree) -> list[int]:
    """The rounds in which a tree grew."""
    return [inbox.round for inbox in tree.levels if isinstance(inbox, FreshInbox)]


def conduct_of(protocol: Protocol, cast: Cast, listing: Sequence[General], rules: Rules) -> list[Any]:
    """Everything that a general says, round by round, and his decision, as literals of the rules' algebra."""
    algebra = rules.algebra
    adversary = Adversary(algebra, orders=protocol.orders)
    starts = cast.general in protocol.problem.starters(protocol.n)
    order = adversary.start(cast.general) if starts else None
    seat = Seat(protocol.listing(listing, cast.names), cast.me, order, cast.title)
    conduct: list[Any] = []
    while seat.decision is None:
        conduct.append(_sent(algebra, seat.sending(), cast))
        seat.advance(FreshInbox(adversary, rules, cast, seat.round))
    return [*conduct, _parts(algebra, seat.decision, cast)]


def _sent(algebra: SymbolicAlgebra, sending: Outgoing, cast: Cast) -> Any:
    """What a general sends, in a form that can be compared."""
    written = {
        (cast.label(label), *_whom(cast, sent)): _said(algebra, sent.value, cast) for label, sent in sending.written()
    }
    return written, [_relayed(algebra, tree, cast) for tree in sending.trees]


def _whom(cast: Cast, sent: Dispatch) -> tuple[Any, Any]:
    """The receivers of a dispatch, if it names them, and the generals left out."""
    to, without = receivers(sent, cast.known)
    return None if to is None else cast.who(to), cast.who(without)


def _said(algebra: SymbolicAlgebra, value: Order, cast: Cast) -> Any:
    """What one message says; for a message of several fields, whether it is sent and the contents of each field."""
    if not isinstance(value, Record):
        return _bits(algebra, value)
    return algebra.literal(value.came), {cast.field(name): _bits(algebra, order) for name, order in value.parts.items()}


def _relayed(algebra: SymbolicAlgebra, tree: Tree, cast: Cast) -> Any:
    """The same for the relays of a tree: all that they depend on, except what is read along each path."""
    for root in tree.roots:
        known_sender(root, (), cast.known)
    own = None if tree.own is None else _bits(algebra, tree.own)
    relayed = cast.who(frozenset(tree.roots)), own, _bits(algebra, tree.missing), tree.closed, _rounds(tree)
    cast.note(tree.samples(len(tree.levels) + 1))
    return relayed


def _parts(algebra: SymbolicAlgebra, decision: Decision, cast: Cast) -> Any:
    """A decision in a form that can be compared: its literals and its structure."""
    if isinstance(decision, dict):
        return {cast.who(general): _parts(algebra, part, cast) for general, part in decision.items()}
    if isinstance(decision, tuple):
        return type(decision), [_parts(algebra, part, cast) for part in decision]
    if isinstance(decision, Count):
        return decision.constant, sorted((weight, algebra.literal(truth)) for weight, truth in decision.weighted)
    return algebra.literal(decision) if isinstance(decision, Truth) else _bits(algebra, decision)


def _bits(algebra: SymbolicAlgebra, order: Order) -> tuple[Literal, ...]:
    return algebra.order(order).bits
