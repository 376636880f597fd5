"""A small graph of generals: its links, who fails, and arrows with what is said on them.

Generals stand on a circle, so no arrow runs through a general. The texts on arrows keep clear of generals and of each
other where they can. This module knows geometry and SVG. It must not know executions.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, pi, sin
from typing import Any, TypeVar

from byzverify.rendering.attack.layout import width
from byzverify.rendering.svg import Node, Point, arrow, node, text, through

SIGN = 13.0
"""Half the height of a general's sign."""

RING = 18.0
"""The radius of the ring around a general who cannot tell two acts apart."""

CHIP = 16.0
"""The height of the text on an arrow."""

PLACES = (0.5, 0.62, 0.38, 0.72, 0.28, 0.55, 0.45, 0.67, 0.33, 0.77, 0.23)
"""Where on its arrow a text may be, the best place first."""


Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class SketchedGeneral:
    """One sign: the text in it, its classes, a text beside it, and a title for people who point at it."""

    number: str
    class_: str
    title: str
    note: str = ""


@dataclass(frozen=True)
class SketchedArrow:
    """One arrow between two generals, of a kind, with a short text on it and a title."""

    start: Hashable
    end: Hashable
    kind: str
    said: str
    title: str


@dataclass
class Sketch:
    """A graph in progress. places: the middle of each general's sign. centre: from where notes point outwards."""

    places: Mapping[Any, Point]
    centre: Point
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taken += [(x - SIGN, y - SIGN, x + SIGN, y + SIGN) for x, y in self.places.values()]

    def links(self, edges: Iterable[tuple[Hashable, Hashable]]) -> Iterator[Node]:
        """The links along which messages travel."""
        for a, b in edges:
            yield node("path", "link", d=through(self.places[a], self.places[b]))

    def general(self, name: Hashable, shown: SketchedGeneral) -> Node:
        """A general's sign: a diamond if he fails, else a circle."""
        x, y = self.places[name]
        rhomb = through((x - SIGN, y), (x, y - SIGN), (x + SIGN, y), (x, y + SIGN)) + "Z"
        parts = [text("title", "", shown.title)]
        if "witness" in shown.class_:
            parts.append(node("circle", "ring", cx=x, cy=y, r=RING))
        is_faulty = "traitor" in shown.class_
        parts.append(node("path", "sign", d=rhomb) if is_faulty else node("circle", "sign", cx=x, cy=y, r=SIGN - 1))
        parts.append(text("text", "number", shown.number, x=x, y=y + 4.5))
        if shown.note:
            parts.append(self._note(shown.note, (x, y)))
        return node("g", f"general {shown.class_}", *parts, data_general=str(shown.number))

    def _note(self, said: str, place: Point) -> Node:
        """A text beside a sign, away from the middle of the graph."""
        (x, y), (middle, centre) = place, self.centre
        if abs(x - middle) < 1:
            return text("text", "note", said, x=x, y=y - RING - 6 if y < centre else y + RING + 14)
        side = "note right" if x > middle else "note left"
        return text("text", side, said, x=x + (RING + 4 if x > middle else -RING - 4), y=y + 4)

    def arrows(self, told: Sequence[SketchedArrow]) -> Iterator[Node]:
        """The arrows, and above all of them their texts. An arrow and its way back are beside each other."""
        pairs = {(one.start, one.end) for one in told}
        ways = [self._way(one, aside=(one.end, one.start) in pairs) for one in told]
        for one, (start, end) in zip(told, ways, strict=True):
            yield node("g", f"letter {one.kind}", text("title", "", one.title), *arrow(start, end))
        for one, (start, end) in sorted(zip(told, ways, strict=True), key=lambda each: -len(each[0].said)):
            if one.said:
                yield self._chip(one, start, end)  # the longest first, since there are fewer places for it

    def _way(self, one: SketchedArrow, aside: bool) -> tuple[Point, Point]:
        (x, y), (to_x, to_y) = self.places[one.start], self.places[one.end]
        length = hypot(to_x - x, to_y - y)
        along, across = (to_x - x) / length, (to_y - y) / length
        shift_x, shift_y = (-across * 5, along * 5) if aside else (0.0, 0.0)
        gap, end_gap = SIGN + 3, RING + 3
        start = (x + along * gap + shift_x, y + across * gap + shift_y)
        return start, (to_x - along * end_gap + shift_x, to_y - across * end_gap + shift_y)

    def _chip(self, one: SketchedArrow, start: Point, end: Point) -> Node:
        wide = width(one.said, 11) + 9
        boxes = [self._box(start, end, place, wide) for place in PLACES]
        left, top, right, bottom = next(filter(self._is_free, boxes), boxes[0])
        self.taken.append((left, top, right, bottom))
        plate = node("rect", "", x=left, y=top, width=right - left, height=bottom - top, rx=CHIP / 2)
        written = text("text", "", one.said, x=(left + right) / 2, y=(top + bottom) / 2 + 4)
        return node("g", f"tag {one.kind}", plate, written)

    @staticmethod
    def _box(start: Point, end: Point, place: float, wide: float) -> tuple[float, float, float, float]:
        x, y = start[0] + (end[0] - start[0]) * place, start[1] + (end[1] - start[1]) * place
        return x - wide / 2, y - CHIP / 2, x + wide / 2, y + CHIP / 2

    def _is_free(self, box: tuple[float, float, float, float]) -> bool:
        left, top, right, bottom = box
        return all(right <= one[0] or one[2] <= left or bottom <= one[1] or one[3] <= top for one in self.taken)


def circle(names: Sequence[Name], centre: Point, radius: float, turn: float = 0.0) -> dict[Name, Point]:
    """Places on a circle, clockwise from the top. turn: by how many places the first one is turned."""
    x, y = centre
    angles = {name: 2 * pi * (place + turn) / len(names) - pi / 2 for place, name in enumerate(names)}
    return {name: (x + radius * cos(angle), y + radius * sin(angle)) for name, angle in angles.items()}
