"""Resolving a tree of paths without visiting all of it: paths that only names tell apart have values that only names
tell apart.

The law of this file, proved in docs/explanation/isomorphism.md: where the programs treat the generals of a group alike,
a renaming that keeps every group, every fault and the observers turns what a general is told along a path into what he
is told along the renamed path; and a rule that counts its values alike, and looks at nothing else, passes that on to
the values of paths. So whatever is found of the value of one path, that it is the very order that was told, or that all
observers make the same of it, holds for every path of its *type*: the kinds of the generals on it, in their order. A
value of which no more is known stands as a variable of its own, an *opaque* one, until a goal turns out to depend on
it; then it is unfolded.

This module knows trees, rules and terms. It does not know conditions or solvers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple
from typing import Protocol as Interface

from byzverify.checking.symbolic import Bits, SymbolicAlgebra, SymbolicOrder
from byzverify.errors import RuleBroken
from byzverify.language.faults import Faults
from byzverify.language.gathering import Path, Rule, Tree
from byzverify.language.messages import General, Label
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.logic.terms import TRUE, Literal, SimplifiedTerms, cone


class Round(Interface):
    """One round, as far as it is read."""

    number: int

    def read(self, sender: General, receiver: General, label: Label, default: Order) -> Order:
        """What `receiver` finds from `sender` under `label`."""


@dataclass(frozen=True)
class Opaque:
    """The name of a variable that stands for something else: one bit of an order. Unlike other names it is no tuple."""

    what: object
    bit: int


Type = tuple[object, ...]
"""The kind of each general on a path: what a renaming keeps of him."""


class Kinds:
    """Which generals a renaming may exchange: those of one group who fail alike and are not `pinned`."""

    def __init__(self, protocol: Protocol, faults: Faults, pinned: Collection[General]) -> None:
        groups = {general: number for number, group in enumerate(protocol.groups) for general in group}
        self._kinds: list[object] = [
            general if general in pinned or general not in groups else (groups[general], faults.get(general))
            for general in range(protocol.n)
        ]

    def of(self, path: Sequence[General]) -> Type:
        """The type of a path."""
        return tuple([self._kinds[general] for general in path])


class Meaning(NamedTuple):
    """What a rule makes of fresh orders: of any at all, and of such as cannot be absent. Each as bits of the scratch
    terms, and whether it cannot be absent itself.
    """

    of_any: tuple[Bits, bool]
    of_sent: tuple[Bits, bool]


class Rules:
    """What rules mean: each is tried on fresh orders, in terms of their own, and applied by putting others for these.

    So what it means is settled when a tree is resolved, though what the rule refers to may change later; and where it
    mixes what it is given with other values, the two do not fit together.
    """

    def __init__(self, algebra: SymbolicAlgebra) -> None:
        self.algebra = algebra
        self._scratch = SymbolicAlgebra(SimplifiedTerms(algebra.terms.limit), algebra.domain)
        self._cones: dict[Bits, list[int]] = {}
        self._places: tuple[list[SymbolicOrder], list[SymbolicOrder]] = ([], [])

    def meaning(self, rule: Rule, number: int) -> Meaning | None:
        """What a rule makes of so many values, if it takes them alike and looks at nothing else; else None.

        Raises RuleBroken for a rule that keeps something from one time to the next.
        """
        told, *values = self._fresh(number + 1, 0)
        broken, kept = RuleBroken.raised, _kept(rule)
        try:
            of_any = self._scratch.order(rule(told, list(values)))
            of_sent = self._scratch.order(rule(*self._sent(number)))
            for turned in (values[1:2] + values[:1] + values[2:], values[1:] + values[:1], list(values)):
                if self._scratch.order(rule(told, turned)).bits != of_any.bits:
                    return None
        except RuleBroken:
            RuleBroken.raised = broken  # what it is really given may not break a rule
            return None
        finally:
            if _kept(rule) != kept:
                raise RuleBroken("keeps something in a tree's rule, which may be tried more often than there are paths")
        given = {bit for order in (told, *values) for bit in order.bits}
        nodes = self._scratch.terms.nodes
        looked_at = {one for one in cone(self._scratch.terms, of_any.bits + of_sent.bits) if nodes[one] is None}
        return Meaning((of_any.bits, of_any.sent), (of_sent.bits, of_sent.sent)) if looked_at <= given | {1} else None

    def applied(self, meaning: Meaning, told: SymbolicOrder, values: Sequence[SymbolicOrder]) -> SymbolicOrder:
        """What a rule of this meaning makes of these."""
        given = [told, *values]
        all_sent = all(order.sent for order in given)
        bits, sent = meaning.of_sent if all_sent else meaning.of_any
        known = {1: TRUE}
        for place, order in zip(self._fresh(len(given), int(all_sent)), given, strict=True):
            known |= zip(place.bits[int(all_sent) :], order.bits[int(all_sent) :], strict=True)
        for number in self._cone(bits):
            node = self._scratch.terms.nodes[number]
            if node is not None:
                literals = [_signed(literal, known) for literal in node.literals]
                known[number] = self.algebra.terms.at_least(node.k, literals, node.weights)
        return SymbolicOrder(self.algebra, tuple([_signed(bit, known) for bit in bits]), sent)

    def _cone(self, bits: Bits) -> list[int]:
        if bits not in self._cones:
            self._cones[bits] = cone(self._scratch.terms, bits)
        return self._cones[bits]

    def _sent(self, number: int) -> tuple[SymbolicOrder, list[SymbolicOrder]]:
        told, *values = self._fresh(number + 1, 1)
        return told, values

    def _fresh(self, number: int, first: int) -> list[SymbolicOrder]:
        places = self._places[first]
        while len(places) < number:
            places.append(opaque(self._scratch, len(places), first))
        return places[:number]


def _kept(rule: Rule) -> list[object]:
    """What a rule refers to and can change: the contents of its variables and, where these have one, their length."""
    found: list[object] = []
    for cell in getattr(rule, "__closure__", None) or ():
        with suppress(ValueError):  # a variable that has no value yet
            known = cell.cell_contents
            found.append((id(known), len(known) if isinstance(known, list | dict | set) else 0))
    return found


class Gathered(NamedTuple):
    """What trees must have in common for their values to be the same, up to who is told.

    rounds: in which round each level grew. meanings: what the rule makes of fresh orders, by the number of values.
    """

    rounds: tuple[int, ...]
    missing: str
    closed: bool
    meanings: tuple[tuple[int, Meaning], ...]


def gathered(rules: Rules, tree: Tree, rule: Rule, rounds: Sequence[int], path: Path) -> Gathered | None:
    """What the values of the paths from `path` on depend on, in a regular tree that grew in these rounds.

    None where they depend on more: if the rule does not count its values alike, or what is missing is no plain order.
    """
    if len(rounds) != len(tree.levels) or type(tree.missing) is not Order:
        return None
    meanings: list[tuple[int, Meaning]] = []
    for length in range(len(path), len(rounds)):
        size = tree.how_many_after(length)
        meaning = rules.meaning(rule, size) if size >= 0 else None
        if meaning is not None:
            meanings.append((size, meaning))
        elif size >= 0:
            return None
    return Gathered(tuple(rounds), tree.missing.name, bool(tree.closed), tuple(meanings))


def fresh(algebra: SymbolicAlgebra, number: int) -> list[SymbolicOrder]:
    """So many orders of which nothing is known, not even that they are orders."""
    return [opaque(algebra, place, 0) for place in range(number)]


def opaque(algebra: SymbolicAlgebra, what: object, first: int) -> SymbolicOrder:
    """An order made of opaque variables, from bit number `first` on: where that is 1, bit 0 is what they leave."""
    bits = [algebra.terms.variable(Opaque(what, index)) for index in range(first, len(algebra.domain))]
    return algebra.sent([0, *bits], 0) if first else SymbolicOrder(algebra, tuple(bits), False)


class Value(NamedTuple):
    """Which value an opaque variable stands for: of this path in this tree, for `me`, or for all observers if None."""

    tree: int
    path: Path
    me: General | None


class Fact(NamedTuple):
    """What is known of the value of every path of a type.

    order: the value, if it is a constant. told: whether it is what was told. shared: whether all observers make the
    same of it. sent: whether it cannot be absent.
    """

    order: SymbolicOrder | None = None
    told: bool = False
    shared: bool = False
    sent: bool = False


class Grown(NamedTuple):
    """A tree, whoever it belongs to."""

    number: int
    levels: Sequence[Round]
    missing: Order
    closed: bool
    meanings: dict[int, Meaning]


class Resolver:
    """Resolves the trees of the generals in one scenario. observers: those whose decisions are asked for."""

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

    def resolve(self, tree: Tree, rule: Rule, path: Path, me: General, levels: Sequence[Round]) -> Order | None:
        """The value of a path in general `me`'s tree with these levels; None if it must be found in another way."""
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
        """The value of a path for `me`, opaque if it is no more than a name."""
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
        """What values have in common that only names tell apart."""
        if me not in self._kinds:
            self._kinds[me] = Kinds(self._protocol, self._faults, self._observers | {me})
        return grown.number, me, self._kinds[me].of(path)

    def _fact(self, grown: Grown, me: General, path: Path) -> Fact:
        key = self._key(grown, me, path)
        if key not in self._facts:
            self._facts[key] = self._found(grown, me, path)
        return self._facts[key]

    def _found(self, grown: Grown, me: General, path: Path) -> Fact:
        """What holds of the value of this path, and so of all of its type."""
        told = self._told(grown, me, path)
        for order in self._nearer(grown, me, path, told):
            if order.bits == told.bits:
                return Fact(told=True)
            if all(abs(bit) == 1 for bit in order.bits):
                return Fact(order)
        others = [other for other in self._observers - {me} if grown.closed or other not in path]
        shared = me in self._observers and all(self._made(grown, other, path).bits == order.bits for other in others)
        return Fact(shared=shared, sent=order.sent)

    def _nearer(self, grown: Grown, me: General, path: Path, told: SymbolicOrder) -> Iterator[SymbolicOrder]:
        """The value of a path, ever nearer: at first nothing is known of what prolongs it, in the end all.

        The values of loyal generals come first, since they often settle the rest.
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
        """The value of a path, as the rule makes it of the values of those that prolong it."""
        values = [self._value(grown, me, (*path, one)) for one in self._after(grown, me, path)]
        return self._ruled(grown, self._told(grown, me, path), values)

    def _ruled(self, grown: Grown, told: SymbolicOrder, values: Sequence[SymbolicOrder]) -> SymbolicOrder:
        return self._rules.applied(grown.meanings[len(values)], told, values)

    def _after(self, grown: Grown, me: General, path: Path) -> list[General]:
        return [one for one in range(self._protocol.n) if one not in path and (grown.closed or one != me)]

    def unfolded(self, goal: Literal) -> Literal:
        """The goal without opaque variables: each value that it depends on is made of what is told."""
        known = self._unfolded
        pending = [abs(goal)]
        while pending:
            parts = self._parts(pending[-1])
            missing = [abs(part) for part in parts if abs(part) not in known]
            pending += missing
            if not missing:
                number = pending.pop()
                known[number] = self._remade(number, [_signed(part, known) for part in parts])
        return _signed(goal, known)

    def _parts(self, number: int) -> Sequence[Literal]:
        """What must be unfolded before a node is."""
        node = self._algebra.terms.nodes[number]
        if node is not None:
            return node.literals
        if number in self._values:
            self._definitions[number] = self._defined(*self._values.pop(number))
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


def _signed(literal: Literal, known: dict[int, Literal]) -> Literal:
    return known[literal] if literal > 0 else -known[-literal]
