"""A map laid out: two of its axes span a panel, and there is a panel for each combination of the others.

The first axis goes to the right and the last one upwards, as in any chart; the axes between them make the panels. An
axis of texts, such as graphs, always makes the rows, with its texts one under the other in the given order. A single
axis of numbers makes one row.

The *frontier of the claim* runs between neighbours of which the authors claim one and not the other. There is no line
where nothing can be claimed because the model has no such instance, where nothing is known yet, or between rows of
texts, which have no order.

This module knows places and numbers. It must not know what anything looks like.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from byzverify.maps.landscape import Axis, Known, Landscape, Map, Place, Value

NONE = Axis("", ("",))
"""A placeholder for a missing axis. It has one value, which says nothing."""

ALWAYS = "✓"
"""The sign beyond a row in which everything is proved for every larger number of generals."""

Edge = tuple[int, int]
"""A row and a column, for the top or the left edge of the cell there."""


@dataclass(frozen=True)
class Panel:
    """One grid. title: what its cells have in common. places: the rows from the top, each from the left."""

    title: str
    places: tuple[tuple[Place, ...], ...]


@dataclass(frozen=True)
class Frontier:
    """The frontier in a panel: the cells along whose top edge, and along whose left edge, the line runs."""

    tops: frozenset[Edge]
    lefts: frozenset[Edge]

    def sides(self, row: int, column: int) -> list[str]:
        """The sides of a cell along which the line runs: `top`, `left`, both or none."""
        return [side for side, edges in (("top", self.tops), ("left", self.lefts)) if (row, column) in edges]


@dataclass(frozen=True)
class Panels:
    """All panels of a map. across, down: the axes of each panel; `down` has its values from the top."""

    across: Axis
    down: Axis
    panels: tuple[Panel, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The text under each column."""
        return tuple(map(written, self.across.values))

    @property
    def rows(self) -> tuple[str, ...]:
        """The text before each row."""
        return tuple(map(written, self.down.values))

    def frontier(self, panel: Panel, known: Mapping[Place, Known]) -> Frontier:
        """The frontier in one of the panels."""
        claims = [[claimed(known.get(place)) for place in row] for row in panel.places]
        ordered = not of_texts(self.down)
        edges = list(product(range(len(self.rows)), range(len(self.columns))))
        tops = [(y, x) for y, x in edges if y and ordered and {claims[y][x], claims[y - 1][x]} == {True, False}]
        lefts = [(y, x) for y, x in edges if x and {claims[y][x], claims[y][x - 1]} == {True, False}]
        return Frontier(frozenset(tops), frozenset(lefts))

    def numbers(self, shown: Map) -> Collection[int]:
        """From which numbers of generals on everything is proved in some row; empty if n does not go to the right."""
        return shown.larger.values() if self.across.name == "n" else ()

    def beyond(self, panel: Panel, shown: Map) -> list[str]:
        """For each row the sign beyond its right end: a tick if everything is proved there, `13+` if it is from 13 on;
        else an empty text.
        """
        if not self.numbers(shown):
            return [""] * len(panel.places)
        first, larger = max(map(int, self.across.values)) + 1, shown.larger
        least = (larger.get(shown.landscape.row(row[0])) for row in panel.places)
        return ["" if one is None else ALWAYS if one == first else f"{one}+" for one in least]

    def has_frontier(self, known: Mapping[Place, Known]) -> bool:
        """Whether there is a frontier in any panel."""
        frontiers = (self.frontier(panel, known) for panel in self.panels)
        return any(frontier.tops or frontier.lefts for frontier in frontiers)


def laid_out(landscape: Landscape) -> Panels:
    """The panels of a landscape."""
    across, down, others = _shared_out(landscape.axes)
    upwards = down if of_texts(down) else replace(down, values=tuple(reversed(down.values)))
    names = [axis.name for axis in landscape.axes]
    return Panels(across, upwards, tuple(_panels(names, across, upwards, others)))


def written(value: Value) -> str:
    """A value as written on the command line."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def claimed(known: Known | None) -> bool | None:
    """Whether the authors claim a cell; None if there is nothing to claim, or if that is not known."""
    return None if known is None else known.claimed


def of_texts(axis: Axis) -> bool:
    """Whether the values of an axis are texts, which have no order."""
    return axis != NONE and any(isinstance(value, str) for value in axis.values)


def _shared_out(axes: Sequence[Axis]) -> tuple[Axis, Axis, list[Axis]]:
    """The axis to the right, the axis upwards, and the axes that make the panels."""
    left = list(axes)
    down = next((axis for axis in left if of_texts(axis)), left[-1] if left[1:] else NONE)
    left = [axis for axis in left if axis is not down]
    return (left[0], down, left[1:]) if left else (NONE, down, [])


def _panels(names: Sequence[str], across: Axis, down: Axis, others: Sequence[Axis]) -> Iterator[Panel]:
    for common in product(*(axis.values for axis in others)):
        fixed = dict(zip((axis.name for axis in others), common, strict=True))
        rows = (
            tuple(_place(names, fixed | {across.name: value, down.name: row}) for value in across.values)
            for row in down.values
        )
        yield Panel(", ".join(f"{name} = {written(value)}" for name, value in fixed.items()), tuple(rows))


def _place(names: Sequence[str], named: Mapping[str, Value]) -> Place:
    return tuple(named[name] for name in names)
