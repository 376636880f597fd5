"""The meaning of a rule for resolving trees: the rule is tried on fresh orders, before its real arguments are known.

If a rule counts its values alike, and looks at nothing else, then its result on fresh orders determines it, for each
number of values. This module knows rules and terms. It does not know who fails, or what values are used for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from byzverify.engines.finite.symbolic import Bits, SymbolicAlgebra, SymbolicOrder
from byzverify.errors import Breaches, RuleBroken
from byzverify.language.gathering import Path, Rule, Tree
from byzverify.language.state import Snapshot
from byzverify.language.values import Order
from byzverify.logic.terms import TRUE, Literal, SimplifiedTerms, cone


@dataclass(frozen=True)
class Opaque:
    """The name of a variable that stands for one bit of an order. Names of other variables have other types."""

    what: object
    bit: int


class Meaning(NamedTuple):
    """The results of a rule on fresh orders: on arbitrary ones, and on orders that cannot be absent. Each result is
    given by its bits in the scratch terms, and by whether it cannot be absent itself.
    """

    of_any: tuple[Bits, bool]
    of_sent: tuple[Bits, bool]


class Rules:
    """The meanings of rules. A rule is tried on fresh orders, in separate terms; to apply it, these are substituted.

    So the meaning of a rule is fixed when a tree is resolved, even if things that the rule refers to change later. A
    rule that mixes its arguments with other values is rejected, because those belong to different terms.
    """

    def __init__(self, algebra: SymbolicAlgebra) -> None:
        self.algebra = algebra
        self._scratch = SymbolicAlgebra(SimplifiedTerms(algebra.terms.limit), algebra.domain)
        self._cones: dict[Bits, list[int]] = {}
        self._places: tuple[list[SymbolicOrder], list[SymbolicOrder]] = ([], [])

    def meaning(self, rule: Rule, number: int) -> Meaning | None:
        """The meaning of a rule for this many values, if it treats them alike and looks at nothing else; else None.

        Raises RuleBroken for a rule that stores something between calls.
        """
        before = Snapshot({"the tree's rule": rule})
        try:
            return self._tried(rule, number)
        finally:
            before.demand_unchanged()

    def _tried(self, rule: Rule, number: int) -> Meaning | None:
        """The same, without a check for what the rule stores."""
        told, *values = self._fresh(number + 1, 0)
        with Breaches() as breaches:  # the program's own do not include these: it calls the rule with other arguments
            try:
                of_any = self._scratch.order(rule(told, list(values)))
                told_sent, *sent = self._fresh(number + 1, 1)
                of_sent = self._scratch.order(rule(told_sent, sent))
                turns = (values[1:2] + values[:1] + values[2:], values[1:] + values[:1], list(values))
                is_alike = all(self._scratch.order(rule(told, turned)).bits == of_any.bits for turned in turns)
            except RuleBroken:
                return None
        if breaches.messages or not is_alike:
            return None
        given = {bit for order in (told, *values) for bit in order.bits}
        nodes = self._scratch.terms.nodes
        looked_at = {one for one in cone(self._scratch.terms, of_any.bits + of_sent.bits) if nodes[one] is None}
        if not looked_at <= given | {1}:
            return None
        return Meaning((of_any.bits, of_any.never_absent), (of_sent.bits, of_sent.never_absent))

    def applied(self, meaning: Meaning, told: SymbolicOrder, values: Sequence[SymbolicOrder]) -> SymbolicOrder:
        """The result of a rule with this meaning for these arguments."""
        given = [told, *values]
        all_sent = all(order.never_absent for order in given)
        bits, sent = meaning.of_sent if all_sent else meaning.of_any
        known = {1: TRUE}
        for place, order in zip(self._fresh(len(given), int(all_sent)), given, strict=True):
            known |= zip(place.bits[int(all_sent) :], order.bits[int(all_sent) :], strict=True)
        for number in self._cone(bits):
            node = self._scratch.terms.nodes[number]
            if node is not None:
                literals = [signed(literal, known) for literal in node.literals]
                known[number] = self.algebra.terms.at_least(node.k, literals, node.weights)
        return SymbolicOrder(self.algebra, tuple([signed(bit, known) for bit in bits]), sent)

    def _cone(self, bits: Bits) -> list[int]:
        if bits not in self._cones:
            self._cones[bits] = cone(self._scratch.terms, bits)
        return self._cones[bits]

    def _fresh(self, number: int, first: int) -> list[SymbolicOrder]:
        places = self._places[first]
        while len(places) < number:
            places.append(opaque(self._scratch, len(places), first))
        return places[:number]


class Gathered(NamedTuple):
    """What trees must have in common for their values to be the same, apart from the general who is told.

    rounds: the round in which each level grew. meanings: the meaning of the rule for each number of values.
    """

    rounds: tuple[int, ...]
    missing: str
    closed: bool
    meanings: tuple[tuple[int, Meaning], ...]


def gathered(rules: Rules, tree: Tree, rule: Rule, rounds: Sequence[int], path: Path) -> Gathered | None:
    """What the values of the paths from `path` on depend on, in a regular tree that grew in these rounds.

    None if they depend on more: the rule does not count its values alike, or `missing` is not a plain order.
    """
    if len(rounds) != len(tree.levels) or type(tree.missing) is not Order:
        return None
    meanings: list[tuple[int, Meaning]] = []
    for length in range(len(path), len(rounds)):
        if (size := tree.how_many_after(length)) < 0:
            break
        if (meaning := rules.meaning(rule, size)) is None:
            return None
        meanings.append((size, meaning))
    return Gathered(tuple(rounds), tree.missing.name, bool(tree.closed), tuple(meanings))


def fresh(algebra: SymbolicAlgebra, number: int) -> list[SymbolicOrder]:
    """This many orders about which nothing is known, not even that at most one bit is true."""
    return [opaque(algebra, place, 0) for place in range(number)]


def opaque(algebra: SymbolicAlgebra, what: object, first: int) -> SymbolicOrder:
    """An order of opaque variables from bit `first` on; if `first` is 1, bit 0 is true if no other bit is."""
    bits = [algebra.terms.variable(Opaque(what, index)) for index in range(first, len(algebra.domain))]
    return algebra.sent([0, *bits], 0) if first else SymbolicOrder(algebra, tuple(bits), False)


def signed(literal: Literal, known: dict[int, Literal]) -> Literal:
    """The literal after its node has been replaced by the known literal for it."""
    return known[literal] if literal > 0 else -known[-literal]
