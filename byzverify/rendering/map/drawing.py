"""A map as one self-contained SVG: no script, no font, no network.

Every cell is a square with a sign in it, so that the map is readable without colours; the frontier of the claim is one
bold line. The class of an element determines its look in `STYLE`:

    g.panel     one panel, with its title, rows and columns
    g.cell      of one of the kinds in `cells.py`; data-cell: its number in the landscape's order
    hatch       strokes in two corners of a cell in which no protocol can win
    frontier    the line where the claim ends, with `halo` under it

The same map gives the same text, byte for byte. This module knows maps, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from itertools import islice, product

import byzverify
from byzverify.errors import excerpt
from byzverify.maps.landscape import Map, Place
from byzverify.rendering.attack.layout import LINE_HEIGHT, MARGIN, width, wrapped
from byzverify.rendering.map.cells import UNSOLVABLE, Signs, larger, looks, named, said
from byzverify.rendering.map.heading import all_sizes, claim, counts, findings, sentence, title
from byzverify.rendering.map.panels import Panel, laid_out, of_texts
from byzverify.rendering.map.ranges import ranges
from byzverify.rendering.svg import Node, Point, corners, node, picture, text, through

STYLE = files("byzverify.rendering").joinpath("map", "chart.css").read_text(encoding="utf-8")
"""The styles of all classes."""

CLASS = "byzverify-map"
ROOM = 900.0
"""The width up to which panels are placed side by side."""

NARROWEST = 600.0
HIGH = 26.0
"""The height of a cell, and its width unless its sign is wider."""

ARROW = 24.0
"""The room for the arrow after a row that goes on beyond the map."""

GAP = 30.0
LONGEST = 40
"""How many characters of a text are shown before its row."""


MOST_DESCRIBED = 12
"""How many findings, and how many panels, the description of the picture contains."""


def drawn(shown: Map) -> str:
    """The picture of a map."""
    return _Drawing(shown).svg()


class _Drawing:
    """One map in progress. left, top: the place of the first cell in a panel. wide: the width of a cell."""

    def __init__(self, shown: Map) -> None:
        self.shown = shown
        self.panels = laid_out(shown.landscape)
        self.signs = Signs(shown)
        self.numbers = {place: number for number, place in enumerate(shown.landscape.places)}
        self.rows = [excerpt(row, LONGEST) for row in self.panels.rows]
        self.wide = max(HIGH, *(width(one, 12) + 8 for one in [*self.panels.columns, "W" * self.signs.longest]))
        self.left = max(width(one, 12) for one in [*self.rows, self.panels.down.name]) + 10
        self.top = LINE_HEIGHT + 4 if self.panels.panels[0].title or self.rows[1:] else 4.0
        self.signs_beyond = {panel: self.panels.beyond(panel, shown) for panel in self.panels.panels}
        longest = max((sign for signs in self.signs_beyond.values() for sign in signs), key=len, default="")
        self.after = ARROW + max(HIGH, width(longest, 12) + 8) if longest else 0.0
        self.panel = self._size()

    def _size(self) -> tuple[float, float]:
        """The width and the height of a panel."""
        across = len(self.panels.columns) * self.wide + max(width(self.panels.across.name) + 12, self.after)
        title = max(width(one.title) for one in self.panels.panels)
        return self.left + max(across, title), self.top + len(self.rows) * HIGH + LINE_HEIGHT

    def svg(self) -> str:
        """The whole picture."""
        number, (wide, high) = len(self.panels.panels), self.panel
        lines = -(-number // max(1, int((ROOM + GAP) // (wide + GAP))))
        together = -(-number // lines)
        across = max(NARROWEST, 2 * MARGIN + together * (wide + GAP) - GAP)
        parts = list(self._headlines(across - 2 * MARGIN))
        y = MARGIN + len(parts) * LINE_HEIGHT + 12
        for index, panel in enumerate(self.panels.panels):
            row, column = divmod(index, together)
            parts.append(self._panel(panel, MARGIN + column * (wide + GAP), y + row * (high + GAP)))
        below = list(self._below(y + lines * (high + GAP), across))
        bottom = max(float(one.get("y") or 0) for part in below for one in part.iter("text")) + MARGIN
        described = ". ".join(self._described())
        name = title(self.shown.landscape)
        return picture(CLASS, "\n" + STYLE, (across, bottom), name, described, [*parts, *below])

    def _headlines(self, room: float) -> Iterator[Node]:
        """What was asked and what is claimed, as lines from the top."""
        claimed = f"Claimed: {claim(self.shown)}"
        lines = [("headline", line) for line in wrapped(title(self.shown.landscape), room, 17)]
        lines += [("quiet", line) for line in wrapped(claimed, room, 12)]
        for number, (class_, line) in enumerate(lines):
            yield text("text", class_, line, x=MARGIN, y=MARGIN + 14 + number * LINE_HEIGHT)

    def _panel(self, panel: Panel, x: float, y: float) -> Node:
        cells = [self._cell(panel.places[row][column], row, column) for row, column in self._edges()]
        line = self._frontier(panel)
        return node(
            "g",
            "panel",
            text("text", "title", panel.title, x=self.left, y=self.top - 8),
            *self._rows(),
            *cells,
            *self._beyond(panel),
            *([node("path", "halo", d=line), node("path", "frontier", d=line)] if line else []),
            *self._columns(),
            transform=f"translate({x:.1f} {y:.1f})",
        )

    def _edges(self) -> Iterator[tuple[int, int]]:
        return product(range(len(self.panels.rows)), range(len(self.panels.columns)))

    def _corner(self, row: int, column: int) -> Point:
        """The upper left corner of the cell in this row and column."""
        return self.left + column * self.wide, self.top + row * HIGH

    def _cell(self, place: Place, row: int, column: int) -> Node:
        known = self.shown.known.get(place)
        x, y = self._corner(row, column)
        return node(
            "g",
            f"cell {looks(known)}",
            text("title", "", f"{named(self.shown.landscape, place)}: {said(known)}"),
            node("rect", "", x=x, y=y, width=self.wide, height=HIGH),
            *([corners("hatch", (x, y), (self.wide, HIGH))] if known is not None and known.no_protocol_can else []),
            text("text", "", self.signs.sign(known), x=x + self.wide / 2, y=y + HIGH / 2 + 4.5),
            data_cell=str(self.numbers[place]),
        )

    def _beyond(self, panel: Panel) -> Iterator[Node]:
        """What is proved beyond the right end of each row, after an arrow."""
        for row, sign in enumerate(self.signs_beyond[panel]):
            if sign:
                x, y = self._corner(row, len(self.panels.columns))
                yield text("text", "quiet", "→", x=x + 6, y=y + HIGH / 2 + 4.5)
                yield node(
                    "g",
                    "cell proved",
                    text("title", "", larger(self.shown, panel.places[row][0])),
                    node("rect", "", x=x + ARROW, y=y, width=self.after - ARROW, height=HIGH),
                    text("text", "", sign, x=x + (ARROW + self.after) / 2, y=y + HIGH / 2 + 4.5),
                )

    def _frontier(self, panel: Panel) -> str:
        found = self.panels.frontier(panel, self.shown.known)
        tops = [(self._corner(y, x), self._corner(y, x + 1)) for y, x in sorted(found.tops)]
        lefts = [(self._corner(y, x), self._corner(y + 1, x)) for y, x in sorted(found.lefts)]
        return "".join(through(*ends) for ends in tops + lefts)

    def _rows(self) -> Iterator[Node]:
        """The value before each row, and above them the name of the axis."""
        if not of_texts(self.panels.down):
            yield text("text", "row axis", self.panels.down.name, x=self.left - 8, y=self.top - 8)
        for number, row in enumerate(self.rows):
            yield text("text", "row", row, x=self.left - 8, y=self.top + number * HIGH + HIGH / 2 + 4.5)

    def _columns(self) -> Iterator[Node]:
        """The value under each column, and after them the name of the axis."""
        y = self.top + len(self.rows) * HIGH + 15
        for number, column in enumerate(self.panels.columns):
            yield text("text", "column", column, x=self.left + (number + 0.5) * self.wide, y=y)
        end = self._corner(0, len(self.panels.columns))[0] + 8
        yield text("text", "quiet axis", self.panels.across.name, x=end, y=y)

    def _below(self, y: float, across: float) -> Iterator[Node]:
        """The meaning of the signs, as many side by side as fit; how much is known, and what drew the map."""
        ending = [("", "", "where the claim ends")] if self.panels.has_frontier(self.shown.known) else []
        x = MARGIN
        for class_, sign, meaning in [*self.signs.legend(), *ending]:
            taken = self.wide + width(meaning, 12) + 24
            if x > MARGIN and x + taken > across:
                x, y = MARGIN, y + HIGH + 4
            yield from self._sample(class_, sign, meaning, x, y)
            x += taken
        said = map(sentence, [*all_sizes(self.shown), counts(self.shown)])
        lines = [part for line in said for part in wrapped(line, across - 2 * MARGIN, 12)]
        for number, line in enumerate((*lines, f"Drawn by byzverify {byzverify.__version__}.")):
            yield text("text", "quiet", line, x=MARGIN, y=y + HIGH + (number + 1) * LINE_HEIGHT)

    def _sample(self, class_: str, sign: str, meaning: str, x: float, y: float) -> Iterator[Node]:
        """A cell of the legend, or a piece of the frontier, with its meaning."""
        middle = y + HIGH / 2
        if class_:
            square = node("rect", "", x=x, y=y, width=self.wide, height=HIGH)
            written = text("text", "", sign, x=x + self.wide / 2, y=middle + 4.5)
            hatch = [corners("hatch", (x, y), (self.wide, HIGH))] if sign == UNSOLVABLE else []
            yield node("g", f"cell {class_} legend", square, *hatch, written)
        else:
            yield node("path", "frontier", d=through((x + 2, middle), (x + self.wide - 2, middle)))
        yield text("text", "quiet", meaning, x=x + self.wide + 6, y=middle + 4)

    def _described(self) -> Iterator[str]:
        """The description of the picture."""
        yield counts(self.shown)
        yield from all_sizes(self.shown)
        for place, known in islice(findings(self.shown), MOST_DESCRIBED):
            yield f"{named(self.shown.landscape, place)} is {said(known)}"
        for word in ("proved", "refuted", "unknown"):
            places = {place for place, known in self.shown.known.items() if known.verdict == word}
            if where := "; ".join(islice(ranges(self.panels, places), MOST_DESCRIBED)):
                yield f"{word}: {where}"
