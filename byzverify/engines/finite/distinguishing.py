"""Detects conditions that distinguish one general from another.

It searches a condition's code for operations that names cannot refuse, and evaluates `concerns` on names and on several
assignments of numbers. This module runs no programs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache, partial
from itertools import combinations, cycle, islice, product, repeat
from math import comb, prod
from random import Random
from types import FunctionType

from byzverify.engines.finite.names import names_of
from byzverify.language.conditions import Condition, ConditionFails
from byzverify.language.messages import General
from byzverify.language.protocol import Protocol
from byzverify.language.state import Snapshot

Groups = Sequence[Collection[General]]
"""Disjoint groups of interchangeable generals."""

Shares = tuple[tuple[General, ...], ...]
"""Which numbers of a group each kind of its generals has."""

MOST_ASKED = 240
"""The number of assignments of numbers that a condition is evaluated on, divided among the orders of its witnesses."""


class Asymmetric(Exception):
    """Why one scenario cannot stand for others, in one line."""


def concerns_alike(condition: Condition, protocol: Protocol, loyal: Sequence[General]) -> bool:
    """Whether the condition applies if these generals are loyal, or others of their groups.

    Raises Asymmetric if that depends on who they are.
    """
    demand_no_identity(condition, protocol)
    names = names_of(protocol, keys=False)
    try:
        said = condition.applies(protocol, loyal, names.__getitem__)
    except ConditionFails as error:
        what = f"`concerns` of the condition {condition.name} works with generals' numbers: {error.cause}"
        raise Asymmetric(what) from None
    for numbers in arrangements(protocol.n, protocol.groups, [loyal], 0 if is_ours(condition.concerns) else MOST_ASKED):
        if said != condition.applies(protocol, (numbers[general] for general in loyal)):
            raise Asymmetric(f"`concerns` of the condition {condition.name} depends on the numbers of the generals")
    return said


def demand_no_identity(condition: Condition, protocol: Protocol) -> None:
    """Raise Asymmetric if a condition's code could tell generals apart in a way that names do not refuse."""
    reached = _reached(protocol, condition)
    if reached.hashes:
        raise Asymmetric(f"the condition {condition.name} makes a set, whose order depends on who is in it")
    if reached.tells_stand_ins:
        raise Asymmetric(f"the condition {condition.name} tests a type or identity, or catches a TypeError")


class _Itself:
    """A condition as a key that equals no other condition, even one of the same name: each has its own code."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.condition is other.condition

    def __hash__(self) -> int:
        return id(self.condition)


def _reached(protocol: Protocol, condition: Condition) -> Snapshot:
    return _reached_by(protocol, _Itself(condition))


@lru_cache(maxsize=64)
def _reached_by(protocol: Protocol, own: _Itself) -> Snapshot:
    condition = own.condition
    return Snapshot.of_condition({"holds": condition.holds, "concerns": condition.concerns}, protocol)


def is_ours(function: object) -> bool:
    """Whether a function is part of byzverify. Tests ask byzverify's own conditions on numbers."""
    return type(function) is FunctionType and function.__globals__.get("__name__", "").split(".")[0] == "byzverify"


def arrangements(n: int, groups: Groups, kinds: Sequence[Collection[General]], most: int) -> Iterator[list[General]]:
    """Assignments of numbers to all generals: first their own numbers; then, within each group, every way to divide its
    numbers among the kinds, or a sample if there are more than `most` ways.

    A sample covers all ways to choose the numbers of the first kind, if these are not more than `most`.
    """
    yield list(range(n))
    rest = set(range(n)).difference(*kinds)
    parts = [[sorted(set(kind).intersection(group)) for kind in (*kinds, rest)] for group in groups]
    sizes = [[len(members) for members in part] for part in parts]
    whole = [tuple(sorted(group)) for group in groups]
    every = prod(_how_many(some) for some in sizes)
    shared = product(*map(_shares, whole, sizes)) if every <= most else _sample(whole, sizes, most)
    for shares in shared:
        numbers = list(range(n))
        for part, share in zip(parts, shares, strict=True):
            for members, taken in zip(part, share, strict=True):
                for general, number in zip(members, taken, strict=True):
                    numbers[general] = number
        yield numbers


def _how_many(sizes: Sequence[int]) -> int:
    """The number of ways to divide numbers among kinds of these sizes."""
    return prod(comb(sum(sizes[place:]), size) for place, size in enumerate(sizes))


def _shares(numbers: tuple[General, ...], sizes: Sequence[int]) -> Iterator[Shares]:
    if not sizes:
        yield ()
        return
    for taken in combinations(numbers, sizes[0]):
        left = tuple(number for number in numbers if number not in taken)
        yield from ((taken, *others) for others in _shares(left, sizes[1:]))


def _sample(
    whole: Sequence[tuple[General, ...]], sizes: Sequence[Sequence[int]], most: int
) -> Iterator[tuple[Shares, ...]]:
    """`most` ways to divide the numbers of the groups."""
    draw = Random(0)
    firsts = [some[0] for some in sizes]
    few = prod(comb(len(group), size) for group, size in zip(whole, firsts, strict=True)) <= most
    turns = cycle(product(*map(combinations, whole, firsts))) if few else repeat(None)
    for first in islice(turns, most):
        yield tuple(map(partial(_drawn, draw), whole, sizes, first or map(draw.sample, whole, firsts)))


def _drawn(draw: Random, group: Sequence[General], sizes: Sequence[int], first: Sequence[General]) -> Shares:
    """A random way to divide a group's numbers, in which the first kind has the given ones."""
    left = [number for number in group if number not in first]
    draw.shuffle(left)
    shares = [tuple(sorted(first))]
    for size in sizes[1:]:
        shares.append(tuple(sorted(left[:size])))
        left = left[size:]
    return tuple(shares)
