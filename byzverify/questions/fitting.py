"""Sums of sizes that lie in given sets at every size: a*n + b*m + c for each hole, the simplest first.

This module knows numbers. It must not know where the sets come from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import product

from byzverify.language.holes import Filling
from byzverify.questions.completion import HoleSum, Values
from byzverify.questions.families import Sizes

FACTORS = range(-3, 4)
"""The numbers by which n and m are multiplied."""

CONSTANTS = range(-4, 5)
"""The numbers that are added to a multiple of a size."""

Points = Sequence[tuple[Sizes, Collection[Values]]]
"""For each size, the values that holes may have there, one for each hole."""


def fits(points: Points) -> Iterator[tuple[HoleSum, ...]]:
    """A sum for each hole, so that together they are allowed at every size: all such choices, the simplest first.

    At a single size these are the values themselves, in their order there.
    """
    if len(points) == 1:
        yield from (tuple(HoleSum({}, value) for value in values) for values in points[0][1])
    elif all(allowed for _, allowed in points):
        holes = len(next(iter(points[0][1])))
        options = [_options(points, hole) for hole in range(holes)]
        if all(options):
            for weight in range(sum(max(one.weight for one in some) for some in options) + 1):
                yield from _of_weight(weight, options, points)


def _options(points: Points, hole: int) -> list[HoleSum]:
    """The sums that are allowed for one hole, whatever the others are."""
    columns = [({values[hole] for values in allowed}, sizes) for sizes, allowed in points]
    return [one for one in _sums(columns[0][0], points[0][0]) if all(one.at(sizes) in some for some, sizes in columns)]


def _sums(values: Collection[Filling], sizes: Sizes) -> Iterator[HoleSum]:
    """The sums that may have these values, simple ones first."""
    found = [HoleSum({}, value) for value in values]
    if all(type(value) is int for value in values):
        for factors in product(FACTORS, repeat=len(sizes)):
            named = {name: factor for name, factor in zip(sizes, factors, strict=True) if factor}
            found += [HoleSum(named, constant) for constant in CONSTANTS if named]
    yield from sorted(found, key=lambda one: (one.weight, str(one)))


def _of_weight(weight: int, options: Sequence[Sequence[HoleSum]], points: Points) -> Iterator[tuple[HoleSum, ...]]:
    """The choices of this weight in all."""
    if not options:
        if weight == 0:
            yield ()
        return
    for one in options[0]:
        if one.weight > weight:
            return  # the options are sorted
        left = [(sizes, {rest[1:] for rest in allowed if rest[0] == one.at(sizes)}) for sizes, allowed in points]
        if all(allowed for _, allowed in left):
            for others in _of_weight(weight - one.weight, options[1:], left):
                yield one, *others
