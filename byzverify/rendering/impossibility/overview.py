"""Draws the real network beside its double cover, with a band around the loyal generals of each scene.

This module knows covers. It must not know what is written below them.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import atan2, cos, pi, sin

from byzverify.rendering.attack.layout import MARGIN, wrapped
from byzverify.rendering.impossibility.argument import Act, Argument
from byzverify.rendering.impossibility.covers import Copy, around, copy_name, edges_of, loyal, shared
from byzverify.rendering.impossibility.demands import orders_of
from byzverify.rendering.impossibility.executions import radius_for
from byzverify.rendering.impossibility.legend import SMALL
from byzverify.rendering.impossibility.phrases import listed
from byzverify.rendering.impossibility.sketch import RING, Sketch, SketchedGeneral, circle
from byzverify.rendering.svg import Node, Point, node, text, through
from byzverify.scenario.impossibility import DoubleCover

LABEL = 150.0
"""The room for the name of a scene, at either side of the cover."""

OUTSIDE = 46.0
"""How far from the circle the name of a scene stands."""

COLOURS = 4
"""How many colours there are for scenes."""


def overview(cover: DoubleCover, argument: Argument, wide: float, top: float) -> list[Node]:
    """The network, the cover, and its scenes. wide: the width of the whole picture."""
    return _Overview(cover, argument).parts(wide, top)


def room_for(cover: DoubleCover) -> float:
    """The width that they need."""
    return 2 * MARGIN + _beside(cover) + 2 * (_radius(cover) + OUTSIDE) + 2 * LABEL


def _beside(cover: DoubleCover) -> float:
    """The width of the network that stands beside the cover."""
    return 2 * (radius_for(cover.setting.n) + RING) + 60


def _radius(cover: DoubleCover) -> float:
    return max(108.0, 17.0 * 2 * cover.setting.n)


class _Overview:
    """One cover in progress. turned: by how many places the circle is turned."""

    def __init__(self, cover: DoubleCover, argument: Argument) -> None:
        self.cover, self.argument = cover, argument
        self.order = around(cover)
        self.radius = _radius(cover)
        self.witnesses = {shared(cover, number) for number in range(len(cover.witnesses))}

    def parts(self, wide: float, top: float) -> list[Node]:
        """Everything that is drawn."""
        small = radius_for(self.cover.setting.n)
        centre_y = top + 26 + self.radius + OUTSIDE + 50
        taken = _beside(self.cover)
        centre = (MARGIN + taken + (wide - 2 * MARGIN - taken) / 2, centre_y)
        return [
            *self._network((MARGIN + 40 + RING + small, centre_y), small, top),
            text("text", "name", "A double network", x=centre[0], y=top + 14),
            *self._cover(centre),
            node("rect", "room", x=MARGIN, y=top, width=1.0, height=centre_y + self.radius + OUTSIDE + 10 - top),
        ]

    def _network(self, centre: Point, radius: float, top: float) -> Iterator[Node]:
        setting = self.cover.setting
        yield text("text", "name", "The network", x=centre[0], y=top + 14)
        sketch = Sketch(circle(range(setting.n), centre, radius), centre)
        yield from sketch.links(setting.edges)
        for general in range(setting.n):
            note = "commander" if general == setting.commander else ""
            yield sketch.general(general, SketchedGeneral(str(general), "loyal", f"general {general}", note))

    def _cover(self, centre: Point) -> Iterator[Node]:
        places: dict[Copy, Point] = circle(self.order, centre, self.radius, turn=-0.5)
        sketch = Sketch(places, centre)
        for number, _ in enumerate(self.cover.scenes):
            yield self._band(number, [places[one] for one in self._together(number)])
        yield from sketch.links(edges_of(self.cover))
        for one in self.order:
            yield sketch.general(one, self._copy(one))
        yield from self._orders(places, centre)
        for number, act in enumerate(self.argument.acts):
            yield from self._label(number, act, places, centre)

    def _together(self, number: int) -> list[Copy]:
        """The copies of a scene, in the order of the circle, from where they begin."""
        inside, order = set(loyal(self.cover.scenes[number])), self.order
        starts = [place for place, one in enumerate(order) if one in inside and order[place - 1] not in inside]
        first = starts[0] if starts else 0
        return [one for one in order[first:] + order[:first] if one in inside]

    def _band(self, number: int, points: list[Point]) -> Node:
        ends = points if len(points) > 1 else [points[0], (points[0][0] + 0.1, points[0][1])]
        return node("path", f"scene scene-{number % COLOURS}", d=through(*ends))

    def _copy(self, one: Copy) -> SketchedGeneral:
        classes = ["loyal", *["second"] * one[1], *["witness"] * (one in self.witnesses)]
        return SketchedGeneral(copy_name(one), " ".join(classes), f"general {copy_name(one)}")

    def _orders(self, places: dict[Copy, Point], centre: Point) -> Iterator[Node]:
        """What each copy of the commander orders, towards the middle of the circle."""
        if self.cover.setting.commander is None:
            return
        for sheet in (0, 1):
            x, y = places[self.cover.setting.commander, sheet]
            inwards = (centre[0] - x) * 0.36, (centre[1] - y) * 0.36
            yield text("text", "note", orders_of(self.cover.setting)[sheet], x=x + inwards[0], y=y + inwards[1] + 4)

    def _label(self, number: int, act: Act, places: dict[Copy, Point], centre: Point) -> Iterator[Node]:
        """The name of a scene outside the circle, with who fails in it and what the loyal must do."""
        points = [places[one] for one in self._together(number)]
        away = atan2(sum(y - centre[1] for _, y in points), sum(x - centre[0] for x, _ in points))
        x, y = centre[0] + (self.radius + OUTSIDE) * cos(away), centre[1] + (self.radius + OUTSIDE) * sin(away)
        class_ = "middle" if abs(cos(away)) < cos(pi / 3) - 0.01 else "start" if cos(away) > 0 else "end"
        faulty = sorted(self.cover.scenes[number].faulty)
        fails = "were a traitor" if len(faulty) == 1 else "were traitors"
        lines = [("strong", act.name), ("told", f"as if {listed(faulty)} {fails}")]
        lines += [("told", line) for line in wrapped(act.demand, LABEL, SMALL)]
        up = (len(lines) - 1) * 16 if sin(away) < -0.5 else 0 if sin(away) > 0.5 else 8
        for place, (weight, line) in enumerate(lines):
            yield text("text", f"label {class_} {weight}", line, x=x, y=y - up + place * 16)
