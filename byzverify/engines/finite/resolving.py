"""Resolves a tree of paths without visiting all of it: if paths differ only by names, so do their values.

The law of this file is proved in docs/explanation/isomorphism.md. Suppose that the programs treat the generals of a
group alike. A renaming that keeps every group, every fault and the observers turns what a general is told along a path
into what he is told along the renamed path. A rule that counts its values alike, and looks at nothing else, carries
this over to the values of paths. So a fact about the value of one path (it equals the order that was told; it is the
same for all observers) holds for every path of the same *type*: the kinds of the generals on it, in their order. A
value about which no more is known becomes a variable of its own, an *opaque* one, until a goal turns out to depend on
it; then it is unfolded.

This module knows trees, rules and terms. It does not know conditions or solvers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple
from typing import Protocol as Interface

from byzverify.engines.finite.rules import Gathered, Meaning, Rules, fresh, gathered, opaque, signed
from byzverify.engines.finite.symbolic import SymbolicAlgebra, SymbolicOrder
from byzverify.language.faults import Faults
from byzverify.language.gathering import Path, Rule, Tree
from byzverify.language.labels import Label
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.logic.terms import Literal


class ResolvedRound(Interface):
    """One round, as far as it is read."""

    number: int

    def read(self, sender: General, receiver: General, label: Label, default: Order) -> Order:
        """What `receiver` reads from `sender` under `label`."""


Type = tuple[object, ...]
"""The kind of each general on a path: what a renaming preserves of him."""


class Kinds:
    """The generals that a renaming may exchange: those of one group that fail alike and are not `pinned`."""

    def __init__(self, protocol: Protocol, faults: Faults, pinned: Collection[General]) -> None:
        groups = {general: number for number, group in enumerate(protocol.groups) for general in group}
        self._kinds: list[object] = [
            general if general in pinned or general not in groups else (groups[general], faults.get(general))
            for general in range(protocol.n)
        ]

    def of(self, path: Sequence[General]) -> Type:
        """The type of a path."""
        return tuple([self._kinds[general] for general in path])


class Value(NamedTuple):
    """The value that an opaque variable stands for: of a path in a tree, for `me`, or for all observers if None."""

    tree: int
    path: Path
    me: General | None


class Fact(NamedTuple):
    """What is known about the value of every path of a type.

    order: the value, if it is a constant. told: whether it equals what was told. shared: whether it is the same for
    all observers. sent: whether it cannot be absent.
    """

    order: SymbolicOrder | None = None
    told: bool = False
    shared: bool = False
    sent: bool = False


class Grown(NamedTuple):
    """A tree, regardless of its owner."""

    number: int
    levels: Sequence[ResolvedRound]
    missing: Order
    closed: bool
    meanings: dict[int, Meaning]


class Resolver:
    """Resolves the trees of the generals in one scenario. observers: the generals whose decisions are needed."""

    def __init__(
        self, protocol: Protocol, faults: Faults, observers: Collection[General], algebra: SymbolicAlgebra
    ) -> None:
        self._protocol = protocol
        self._faults = faults
        self._observers = frozenset(observers)
        self._algebra = algebra
        self._rules = Rules(algebra)
        self._kinds: dict[General, Kinds] = {}
        self._grown: dict[Gathered, Grown] = {}
        self._facts: dict[tuple[int, General, Type], Fact] = {}
        self._values: dict[int, tuple[Grown, Value, int]] = {}
        self._definitions: dict[int, Literal] = {}
        self._unfolded: dict[int, Literal] = {}

    def resolve(self, tree: Tree, rule: Rule, path: Path, me: General, levels: Sequence[ResolvedRound]) -> Order | None:
        """The value of a path in general `me`'s tree with these levels; None if the resolver cannot determine it."""
        if not tree.is_regular(path, me, range(self._protocol.n)):
            return None
        alike = gathered(self._rules, tree, rule, [level.number for level in levels], path)
        if alike is None:
            return None
        if alike not in self._grown:
            known = dict(alike.meanings)
            self._grown[alike] = Grown(len(self._grown), levels, tree.missing, alike.closed, known)
        return self._value(self._grown[alike], me, path)

    def _value(self, grown: Grown, me: General, path: Path) -> SymbolicOrder:
        """The value of a path for `me`; an opaque variable if nothing more is known."""
        if len(path) == len(grown.levels):
            return self._told(grown, me, path)
        fact = self._fact(grown, me, path)
        if fact.told:
            return self._told(grown, me, path)
        if fact.order is not None:
            return fact.order
        return self._opaque(grown, Value(grown.number, path, None if fact.shared else me), fact.sent)

    def _told(self, grown: Grown, me: General, path: Path) -> SymbolicOrder:
        return self._algebra.order(grown.levels[len(path) - 1].read(path[-1], me, path, grown.missing))

    def _opaque(self, grown: Grown, value: Value, sent: bool) -> SymbolicOrder:
        order = opaque(self._algebra, value, int(sent))
        for index in range(int(sent), len(order.bits)):
            if order.bits[index] not in self._definitions:
                self._values[order.bits[index]] = (grown, value, index)
        return order

    def _key(self, grown: Grown, me: General, path: Path) -> tuple[int, General, Type]:
        """A key that is equal for values that differ only by names."""
        if me not in self._kinds:
            self._kinds[me] = Kinds(self._protocol, self._faults, self._observers | {me})
        return grown.number, me, self._kinds[me].of(path)

    def _fact(self, grown: Grown, me: General, path: Path) -> Fact:
        key = self._key(grown, me, path)
        if key not in self._facts:
            self._facts[key] = self._found(grown, me, path)
        return self._facts[key]

    def _found(self, grown: Grown, me: General, path: Path) -> Fact:
        """The fact about the value of this path, which holds for all paths of its type."""
        told = self._told(grown, me, path)
        for order in self._nearer(grown, me, path, told):
            if order.bits == told.bits:
                return Fact(told=True)
            if all(abs(bit) == 1 for bit in order.bits):
                return Fact(order)
        others = [other for other in self._observers - {me} if grown.closed or other not in path]
        shared = me in self._observers and all(self._made(grown, other, path).bits == order.bits for other in others)
        return Fact(shared=shared, sent=order.never_absent)

    def _nearer(self, grown: Grown, me: General, path: Path, told: SymbolicOrder) -> Iterator[SymbolicOrder]:
        """Successive approximations to the value of a path: the values of its extensions become known group by group.

        The values of loyal generals come first, because they often determine the rest.
        """
        after = self._after(grown, me, path)
        values = dict(zip(after, fresh(self._algebra, len(after)), strict=True))
        kinds: dict[object, list[General]] = {}
        for general in sorted(after, key=lambda general: general in self._faults):
            kinds.setdefault(self._kinds[me].of([general]), []).append(general)
        for alike in kinds.values() or [[]]:
            values |= {general: self._value(grown, me, (*path, general)) for general in alike}
            yield self._ruled(grown, told, list(values.values()))

    def _made(self, grown: Grown, me: General, path: Path) -> SymbolicOrder:
        """The value of a path, computed by the rule from the values of its extensions."""
        values = [self._value(grown, me, (*path, one)) for one in self._after(grown, me, path)]
        return self._ruled(grown, self._told(grown, me, path), values)

    def _ruled(self, grown: Grown, told: SymbolicOrder, values: Sequence[SymbolicOrder]) -> SymbolicOrder:
        return self._rules.applied(grown.meanings[len(values)], told, values)

    def _after(self, grown: Grown, me: General, path: Path) -> list[General]:
        return [one for one in range(self._protocol.n) if one not in path and (grown.closed or one != me)]

    def unfolded(self, goal: Literal) -> Literal:
        """The goal without opaque variables: each value that it depends on is computed from what was told."""
        known = self._unfolded
        pending = [abs(goal)]
        while pending:
            parts = self._parts(pending[-1])
            missing = [abs(part) for part in parts if abs(part) not in known]
            pending += missing
            if not missing:
                number = pending.pop()
                known[number] = self._remade(number, [signed(part, known) for part in parts])
        return signed(goal, known)

    def _parts(self, number: int) -> Sequence[Literal]:
        """The literals that must be unfolded before this node."""
        node = self._algebra.terms.nodes[number]
        if node is not None:
            return node.literals
        if number in self._values:
            grown, value, index = self._values.pop(number)
            self._definitions[number] = self._defined(grown, value, index)
        return (self._definitions[number],) if number in self._definitions else ()

    def _defined(self, grown: Grown, value: Value, index: int) -> Literal:
        able = (me for me in self._observers if grown.closed or me not in value.path)
        me = next(able) if value.me is None else value.me
        return self._made(grown, me, value.path).bits[index]

    def _remade(self, number: int, parts: list[Literal]) -> Literal:
        node = self._algebra.terms.nodes[number]
        if node is not None:
            return self._algebra.terms.at_least(node.k, parts, node.weights)
        return parts[0] if parts else number
