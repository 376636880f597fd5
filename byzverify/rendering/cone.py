"""Draws the cone of a literal: everything it is built from, with variables at the left and the literal at the right.

This module knows terms, and not what they are about: the caller gives the names of their variables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from itertools import groupby

from byzverify.errors import counted
from byzverify.logic.terms import AtLeast, Literal, Terms, cone
from byzverify.rendering.attack.layout import MARGIN, width
from byzverify.rendering.svg import Node, Point, node, picture, text

STYLE = files("byzverify.rendering").joinpath("cone.css").read_text(encoding="utf-8")
MOST_NODES = 60
"""A cone with more nodes is not drawn; a sentence describes it."""

ROW, COLUMN = 38.0, 130.0
HIGH = 13.0
"""Half the height of a node's sign."""


@dataclass(frozen=True)
class Cone:
    """Everything that `literal` is built from in `terms`. called: the names of variables; others are called x7 etc."""

    terms: Terms = field(repr=False)
    literal: Literal
    called: Mapping[int, str] = field(default_factory=dict, repr=False)

    @property
    def nodes(self) -> list[int]:
        """The numbers of its nodes without the constant, each after its parts."""
        return [number for number in cone(self.terms, [self.literal]) if number != 1]

    def depths(self) -> dict[int, int]:
        """The depth of each node: how many nodes are below it on the longest path."""
        found: dict[int, int] = {1: 0}
        for number in self.nodes:
            found[number] = 1 + max((found[abs(part)] for part in self.parts(number)), default=-1)
        return {number: found[number] for number in self.nodes}

    def sentence(self) -> str:
        """A sentence about its size."""
        depths = self.depths()
        kinds = Counter("variable" if self.terms.nodes[number] is None else "node" for number in depths)
        built = [counted(kinds[kind], kind) for kind in ("node", "variable")]
        return f"literal {self.literal}: {built[0]} over {built[1]}, {max(depths.values(), default=0)} deep"

    def parts(self, number: int) -> tuple[Literal, ...]:
        """What a node is built from."""
        made = self.terms.nodes[number]
        return made.literals if made is not None else ()

    def _repr_svg_(self) -> str | None:
        return drawn(self) if len(self.nodes) <= MOST_NODES else None

    def _repr_html_(self) -> str | None:
        return None if len(self.nodes) <= MOST_NODES else f"<p>{escape(self.sentence())}: too many to draw</p>"


def drawn(shown: Cone) -> str:
    """The picture of a cone, however large."""
    places, left = _placed(shown)
    parts = [line for number in shown.nodes for line in _lines(shown, number, places, left)]
    parts += [_sign(shown, number, places[number], left) for number in shown.nodes]
    root = places.get(abs(shown.literal), (left, MARGIN))
    goal = {1: "true", -1: "false"}.get(shown.literal, f"literal {shown.literal}")
    end = (root[0] + COLUMN - 40, root[1])
    if shown.nodes:
        parts.insert(0, _line(_beside(shown, abs(shown.literal), root, left), end, shown.literal < 0, 1))
    parts.append(text("text", "name", goal, x=end[0] + 6, y=end[1] + 4))
    key = [
        "A dashed line with a ring is a negation.",
        "≥ k: true where k or more of what comes in is true, each with its weight, if one is written.",
    ]
    bottom = max([y for _, y in places.values()], default=MARGIN) + ROW
    parts += [text("text", "quiet", line, x=MARGIN, y=bottom + 18 * number) for number, line in enumerate(key)]
    size = (max(end[0] + 6 + width(goal) + MARGIN, 2 * MARGIN + width(key[1], 12)), bottom + 18 + MARGIN)
    described = "Variables are at the left; what is built from them is at the right of them."
    return picture("byzverify-terms", "\n" + STYLE, size, shown.sentence(), described, parts)


def _placed(shown: Cone) -> tuple[dict[int, Point], float]:
    """The place of each node, as near to the middle of its parts as there is room; and where variable names end."""
    depths = shown.depths()
    names = [width(_name(shown, number), 12) for number in depths if shown.terms.nodes[number] is None]
    left = MARGIN + max(names, default=0)
    places: dict[int, Point] = {}
    by_depth = sorted(depths, key=lambda number: (depths[number], number))
    for depth, group in groupby(by_depth, depths.__getitem__):
        wished = {number: _middle(shown, number, places) for number in group}
        y = MARGIN - ROW / 2
        for number in sorted(wished, key=lambda number: (wished[number], number)):
            y = max(y + ROW, wished[number])
            places[number] = (left + depth * COLUMN, y)
    return places, left


def _middle(shown: Cone, number: int, places: Mapping[int, Point]) -> float:
    heights = [places[abs(part)][1] for part in shown.parts(number)]
    return sum(heights) / len(heights) if heights else 0.0


def _name(shown: Cone, number: int) -> str:
    return shown.called.get(number, f"x{number}")


def _kind(made: AtLeast) -> str:
    if made.weights is None and made.k in (1, len(made.literals)):
        return "or" if made.k == 1 else "and"
    return f"≥ {made.k}"


def _beside(shown: Cone, number: int, place: Point, left: float) -> Point:
    """The point at which lines leave a node."""
    return (left + 6, place[1]) if shown.terms.nodes[number] is None else (place[0] + 22, place[1])


def _sign(shown: Cone, number: int, place: Point, left: float) -> Node:
    x, y = place
    made = shown.terms.nodes[number]
    if made is None:
        return text("text", "variable", _name(shown, number), x=left, y=y + 4)
    plate = node("rect", "", x=x - 22, y=y - HIGH, width=44.0, height=2 * HIGH, rx=HIGH)
    return node("g", "node", plate, text("text", "kind", _kind(made), x=x, y=y + 4), data_node=str(number))


def _lines(shown: Cone, number: int, places: Mapping[int, Point], left: float) -> Iterator[Node]:
    """The lines that enter a node."""
    made = shown.terms.nodes[number]
    x, y = places[number]
    for place, (weight, part) in enumerate(made.weighted if made is not None else (), start=1):
        spread = (place / (len(shown.parts(number)) + 1) - 0.5) * 1.6 * HIGH
        start = _beside(shown, abs(part), places[abs(part)], left)
        yield _line(start, (x - 22, y + spread), part < 0, weight)


def _line(start: Point, end: Point, negated: bool, weight: int) -> Node:
    (x, y), (to_x, to_y) = start, end
    bend = (to_x - x) / 2
    way = f"M{x:.1f} {y:.1f}C{x + bend:.1f} {y:.1f} {to_x - bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
    line = node("g", "line negated" if negated else "line", node("path", "", d=way))
    if negated:
        line.append(node("circle", "", cx=to_x - 3, cy=to_y, r=3.0))
    if weight > 1:
        line.append(text("text", "weight", str(weight), x=to_x - 12, y=to_y - 3))
    return line
