"""What the rule means by which a tree is resolved: tried on fresh orders, before it is known what it will be given.

A rule that counts its values alike, and looks at nothing else, is given by what it makes of fresh orders for each
number of values. This module knows rules and terms. It does not know who fails, nor what is done with values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from byzverify.engines.finite.symbolic import Bits, SymbolicAlgebra, SymbolicOrder
from byzverify.errors import RuleBroken
from byzverify.language.gathering import Path, Rule, Tree
from byzverify.language.state import Snapshot
from byzverify.language.values import Order
from byzverify.logic.terms import TRUE, Literal, SimplifiedTerms, cone


@dataclass(frozen=True)
class Opaque:
    """The name of a variable that stands for something else: one bit of an order. Unlike other names it is no tuple."""

    what: object
    bit: int


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
        broken, before = RuleBroken.raised, Snapshot({"the tree's rule": rule})
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
            before.demand_unchanged()
        given = {bit for order in (told, *values) for bit in order.bits}
        nodes = self._scratch.terms.nodes
        looked_at = {one for one in cone(self._scratch.terms, of_any.bits + of_sent.bits) if nodes[one] is None}
        if not looked_at <= given | {1}:
            return None
        return Meaning((of_any.bits, of_any.never_absent), (of_sent.bits, of_sent.never_absent))

    def applied(self, meaning: Meaning, told: SymbolicOrder, values: Sequence[SymbolicOrder]) -> SymbolicOrder:
        """What a rule of this meaning makes of these."""
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

    def _sent(self, number: int) -> tuple[SymbolicOrder, list[SymbolicOrder]]:
        told, *values = self._fresh(number + 1, 1)
        return told, values

    def _fresh(self, number: int, first: int) -> list[SymbolicOrder]:
        places = self._places[first]
        while len(places) < number:
            places.append(opaque(self._scratch, len(places), first))
        return places[:number]


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
        if (size := tree.how_many_after(length)) < 0:
            break
        if (meaning := rules.meaning(rule, size)) is None:
            return None
        meanings.append((size, meaning))
    return Gathered(tuple(rounds), tree.missing.name, bool(tree.closed), tuple(meanings))


def fresh(algebra: SymbolicAlgebra, number: int) -> list[SymbolicOrder]:
    """So many orders of which nothing is known, not even that they are orders."""
    return [opaque(algebra, place, 0) for place in range(number)]


def opaque(algebra: SymbolicAlgebra, what: object, first: int) -> SymbolicOrder:
    """An order made of opaque variables, from bit number `first` on: where that is 1, bit 0 is what they leave."""
    bits = [algebra.terms.variable(Opaque(what, index)) for index in range(first, len(algebra.domain))]
    return algebra.sent([0, *bits], 0) if first else SymbolicOrder(algebra, tuple(bits), False)


def signed(literal: Literal, known: dict[int, Literal]) -> Literal:
    """What a literal becomes where its node becomes what is known."""
    return known[literal] if literal > 0 else -known[-literal]
