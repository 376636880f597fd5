"""A chain or a cover as one self-contained SVG: no script, no font, no network.

Each act, an execution or a scene, is a column with a graph of the generals; between two columns stands the general who
cannot tell them apart, with what he sees in both. Above the scenes of a cover is the cover itself. The class of an
element determines its look in `impossibility.css`:

    g.act        one column; data-act: its number
    g.general    loyal or traitor, and witness if he cannot tell the act from another one
    g.letter     honest, lie or silent; g.tag of the same kind: what it says, abbreviated
    g.witnessed  the general between two acts; data-between: the number of the first one
    g.demand     what the loyal must do; `end` in the first and in the last act

The same chain gives the same text, byte for byte. This module knows chains and covers, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol as Interface

from byzverify.rendering.attack.layout import LINE_HEIGHT, MARGIN, wrapped
from byzverify.rendering.impossibility.argument import Act, Argument, Impossibility, Witnessed, argument_of
from byzverify.rendering.impossibility.covers import wiring
from byzverify.rendering.impossibility.demands import orders_of
from byzverify.rendering.impossibility.executions import MORE, SILENT, DrawnExecution, letters_of
from byzverify.rendering.impossibility.legend import CLASS, SMALL, STYLE, below, legend_of, lines_of
from byzverify.rendering.impossibility.overview import overview, room_for
from byzverify.rendering.impossibility.scenes import DrawnScene, part_name
from byzverify.rendering.impossibility.sketch import RING, SIGN
from byzverify.rendering.svg import Node, Point, arrow, node, picture, text
from byzverify.scenario.impossibility import DoubleCover

ROOM = 1340.0
"""The width up to which acts are placed side by side."""

MOST_ACTS = 60
"""A notebook draws no more acts than this."""

BETWEEN = 190.0
"""The width of the room between two acts."""

LEADING = 16.0
"""The distance between two lines of small text."""

HEAD = 26.0
"""The height of the name above an act."""

NOTE = 30.0
"""The room for a text above the uppermost general, and below the lowest one."""

BAND = 26.0
"""The height of what is demanded."""


class Figure(Interface):
    """The graph of one act."""

    radius: float
    depth: float
    """How far down it goes from its middle."""

    def parts(self, centre: Point) -> list[Node]:
        """Everything that is drawn."""

    def kinds(self) -> set[str]:
        """The kinds of its arrows."""

    def leaves_out(self) -> bool:
        """Whether arrows are not drawn, because there are too many."""

    def says_more(self) -> bool:
        """Whether more is said than stands on an arrow."""


def drawn(found: Impossibility) -> str:
    """The picture of a chain or a cover."""
    return _Drawing(found).svg()


def figures_of(found: Impossibility) -> list[Figure]:
    """The graph of each act."""
    if isinstance(found, DoubleCover):
        return [DrawnScene(found, number) for number in range(len(found.scenes))]
    linked = [set(found.witnesses[max(0, number - 1) : number + 1]) for number in range(len(found.runs))]
    return [DrawnExecution(found.setting, run, who) for run, who in zip(found.runs, linked, strict=True)]


class _Drawing:
    """One picture in progress."""

    def __init__(self, found: Impossibility) -> None:
        self.found, self.argument, self.figures = found, argument_of(found), figures_of(found)
        self.wide = max(218.0, 2 * (self.figures[0].radius + RING) + 60)
        self.rows = self._arranged()
        longest = max(map(len, self.rows))
        self.width = 2 * MARGIN + longest * (self.wide + BETWEEN) - (BETWEEN if len(self.rows) == 1 else 0)
        if isinstance(found, DoubleCover):
            self.width = max(self.width, room_for(found))

    def _arranged(self) -> list[range]:
        """The numbers of the acts in each row, as evenly as possible."""
        number = len(self.figures)
        most = max(1, int((ROOM + BETWEEN - 2 * MARGIN) // (self.wide + BETWEEN)))
        lines = -(-number // most)
        each = -(-number // lines)
        return [range(first, min(first + each, number)) for first in range(0, number, each)]

    def svg(self) -> str:
        """The whole picture."""
        parts = list(lines_of(self.argument.title, self.width, 17, "headline", MARGIN + 14))
        for line in self._explained():
            parts += lines_of(line, self.width, 13, "quiet", below(parts) + LINE_HEIGHT + 2)
        if isinstance(self.found, DoubleCover):
            parts += overview(self.found, self.argument, self.width, below(parts) + 24)
        for row in self.rows:
            parts += self._row(row, below(parts) + 24)
        for line in self.argument.conclusion:
            parts += lines_of(line, self.width, 13, "body", below(parts) + LINE_HEIGHT + 8)
        parts += legend_of(self._kinds(), self.width, below(parts) + LINE_HEIGHT + 14, self._key())
        size = (self.width, below(parts) + MARGIN)
        return picture(CLASS, "\n" + STYLE, size, self.argument.title, description(self.argument), parts)

    def _explained(self) -> Iterator[str]:
        if isinstance(self.found, DoubleCover):
            yield wiring(self.found)
        yield self.argument.idea

    def _kinds(self) -> set[str]:
        return {kind for one in self.figures for kind in one.kinds()}

    def _key(self) -> str:
        """The meaning of what stands on arrows, and what is not drawn."""
        left_out = "; where traitors tell many, only what they tell the ringed is drawn"
        return self._texts() + left_out * any(one.leaves_out() for one in self.figures)

    def _texts(self) -> str:
        if isinstance(self.found, DoubleCover):
            return f"{part_name(self.found, 'x′')}: a traitor acts as general x′ does in the double network"
        (_, letter), words = letters_of(self.found.setting), orders_of(self.found.setting)
        meant = [f"{one[0]} = {one}" for one in words if one[0] != one]
        relayed = [f"0: {letter} = “0 told me {words[1]}”"] * ((self.found.setting.rounds or 0) > 1)
        nothing = [f"{SILENT} = nothing is sent"] * ("silent" in self._kinds())
        more = [f"{MORE} = and more"] * any(one.says_more() for one in self.figures)
        return ", ".join([*meant, *relayed, *nothing, *more])

    def _row(self, row: range, top: float) -> list[Node]:
        """Some acts side by side, and who stands between them."""
        told = {number: self._told(self.argument.acts[number]) for number in row}
        centre = top + HEAD + NOTE + RING + self.figures[0].radius
        text_top = centre + self.figures[0].depth + RING + NOTE
        band = text_top + (max(map(len, told.values())) - 1) * LEADING + 14
        parts = []
        for place, number in enumerate(row):
            x = MARGIN + place * (self.wide + BETWEEN)
            lines = _lines(told[number], x + 8, text_top)
            parts.append(self._act(number, (x, top), centre, lines, band))
            if number < len(self.argument.witnessed):
                goes_on = self.argument.acts[number + 1].name.lower() if number == row[-1] else ""
                parts.append(_witnessed(self.argument.witnessed[number], number, x + self.wide, centre - 30, goes_on))
        return parts

    def _told(self, act: Act) -> list[str]:
        return [line for sentence in act.told for line in wrapped(sentence, self.wide - 8, SMALL)]

    def _act(self, number: int, corner: Point, centre: float, lines: list[Node], band: float) -> Node:
        (x, top), act = corner, self.argument.acts[number]
        middle, is_end = x + self.wide / 2, number in (0, len(self.argument.witnessed))
        return node(
            "g",
            "act",
            node("rect", "plate", x=x, y=top, width=self.wide, height=band + BAND + 8 - top, rx=6.0),
            text("text", "name", act.name, x=middle, y=top + 19),
            *self.figures[number].parts((middle, centre)),
            *lines,
            _demand(act, is_end, x + 8, band, self.wide - 16),
            data_act=str(number + 1),
        )


def figure(argument: Argument, number: int, shown: Figure) -> str:
    """The graph of one act alone."""
    wide, high = 2 * (shown.radius + RING) + 90, 2 * (NOTE + RING) + shown.radius + shown.depth
    act = argument.acts[number]
    parts = shown.parts((wide / 2, NOTE + RING + shown.radius))
    return picture(CLASS, "\n" + STYLE, (wide, high), act.name, f"{' '.join(act.told)} {act.because}", parts)


def cover_alone(cover: DoubleCover) -> str:
    """A cover beside its network, without its scenes one by one."""
    argument, wide = argument_of(cover), room_for(cover)
    parts = overview(cover, argument, wide, MARGIN)
    told = " ".join([wiring(cover), *(f"{act.name}: {act.because}" for act in argument.acts)])
    return picture(CLASS, "\n" + STYLE, (wide, below(parts) + MARGIN), "A network and a double of it", told, parts)


def _lines(told: Sequence[str], x: float, y: float) -> list[Node]:
    return [text("text", "told", line, x=x, y=y + place * LEADING) for place, line in enumerate(told)]


def _witnessed(one: Witnessed, number: int, x: float, y: float, goes_on: str) -> Node:
    """The general who cannot tell two acts apart: his sign on a line between them, and what he sees.

    goes_on: the name of the next act, if it is in the next row.
    """
    middle = x + BETWEEN / 2
    line = [*arrow((middle - RING, y), (x + 4, y)), *arrow((middle + RING, y), (x + BETWEEN - 4, y))]
    return node(
        "g",
        "witnessed",
        text("title", "", f"{one.why}: {'; '.join(one.seen)}"),
        *line,
        node("circle", "ring", cx=middle, cy=y, r=RING),
        node("circle", "sign", cx=middle, cy=y, r=SIGN - 1),
        text("text", "number", one.number, x=middle, y=y + 4.5),
        *_seen(one, middle, y + RING + 18, goes_on),
        data_between=str(number + 1),
    )


def _seen(one: Witnessed, middle: float, y: float, goes_on: str) -> Iterator[Node]:
    """What a general sees, line by line."""
    lines = [("strong", f"{one.name} in both:")]
    lines += [("told", part) for seen in one.seen for part in wrapped(seen, BETWEEN - 8, SMALL)]
    lines += [("strong", "so he decides the same")]
    lines += [("quiet", f"({goes_on} is below)")] * bool(goes_on)
    for number, (class_, line) in enumerate(lines):
        yield text("text", f"between {class_}", line, x=middle, y=y + number * LEADING)


def _demand(act: Act, is_end: bool, x: float, y: float, wide: float) -> Node:
    """What the loyal must do, as a band."""
    return node(
        "g",
        "demand end" if is_end else "demand",
        text("title", "", act.because),
        node("rect", "", x=x, y=y, width=wide, height=BAND, rx=4.0),
        text("text", "", act.demand, x=x + wide / 2, y=y + BAND / 2 + 4.5),
    )


def description(argument: Argument) -> str:
    """A picture in words, for people who cannot see it."""
    parts = []
    for number, act in enumerate(argument.acts):
        parts.append(f"{act.name}: {' '.join(act.told)} {act.because}")
        if number < len(argument.witnessed):
            one = argument.witnessed[number]
            parts.append(f"{one.why}: {'; '.join(one.seen)}.")
    return " ".join([argument.idea, *parts, *argument.conclusion])
