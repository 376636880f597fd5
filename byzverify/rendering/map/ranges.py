"""Many cells in few words: `m = 2: n 5..6 at t 0..1`.

This module knows panels, and not why the cells are listed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from byzverify.errors import counted, printable
from byzverify.maps.landscape import Axis, Place, Value
from byzverify.rendering.map.panels import NONE, Panel, Panels, of_texts, written
from byzverify.scenario.wording import abridged

MOST_NAMED, MOST_TEXTS = 12, 3
"""The most values that are named if they are not consecutive, and the most texts."""


def span(axis: Axis, values: Sequence[Value] | None = None) -> str:
    """These values of an axis, or all: `n 3..12`, `n 3 5 7`. For all values of an axis of texts, only their number."""
    shown = axis.values if values is None else values
    if values is None and of_texts(axis):
        number = len(axis.values)
        return counted(number, "graph") if axis.name == "graph" else f"{counted(number, 'value')} of {axis.name}"
    follow = all(type(one) is int and one == int(shown[0]) + number for number, one in enumerate(shown))
    if follow and shown[1:]:
        return f"{axis.name} {shown[0]}..{shown[-1]}"
    most = MOST_TEXTS if of_texts(axis) else MOST_NAMED
    return f"{axis.name} {abridged([printable(written(one)) for one in shown], most)}"


def ranges(panels: Panels, places: Collection[Place]) -> Iterator[str]:
    """The ranges of these places, a line for each panel with any of them; no line if the map has only one cell."""
    for panel in panels.panels:
        found = "; ".join(_blocks(panels, panel, places))
        if found:
            yield f"{panel.title}{': ' * bool(panel.title)}{found}"


def _blocks(panels: Panels, panel: Panel, places: Collection[Place]) -> Iterator[str]:
    """Blocks of rows with places in the same columns, if the rows are consecutive or texts."""
    present = [
        (tuple(place in places for place in row), value)
        for row, value in zip(panel.places, panels.down.values, strict=True)
    ]
    ordered = sorted(present, key=lambda row: row[0]) if of_texts(panels.down) else reversed(present)
    for columns, rows in groupby(ordered, key=lambda row: row[0]):
        if any(columns):
            run = [value for value, here in zip(panels.across.values, columns, strict=True) if here]
            sides = [(panels.across, run), (panels.down, [value for _, value in rows])]
            yield " at ".join(span(axis, values) for axis, values in sides if axis != NONE)
