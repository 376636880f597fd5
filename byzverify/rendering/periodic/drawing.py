"""A periodic table as one self-contained SVG: no script, no font, no network.

Every cell is a square with its sign in it, so that the table is readable without colours; strokes in its corners say
that there is no protocol, a dashed frame that something is open. The class of an element determines its look in
`STYLE`:

    g.panel     one panel, with its title, rows and columns
    g.cell      of one of the kinds in `LOOKS`; `rounds-3` says how many rounds are needed, from 5 on `rounds-5`

The same table gives the same text, byte for byte. This module decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import byzverify
from byzverify.errors import counted, excerpt, printable
from byzverify.maps.periodic import LeastRounds, PeriodicCell, PeriodicTable
from byzverify.rendering.attack.layout import LINE_HEIGHT, MARGIN, width
from byzverify.rendering.periodic.panels import Grid, laid_out
from byzverify.rendering.periodic.signs import MEANINGS, NOTHING, UNDECIDED, asked, counts, kind, shown_by, sign
from byzverify.rendering.svg import Node, corners, node, picture, text
from byzverify.rendering.verdict.existence import at_most

STYLE = files("byzverify.rendering").joinpath("periodic", "chart.css").read_text(encoding="utf-8")
"""The styles of all classes."""

CLASS = "byzverify-periodic"
LOOKS = {NOTHING: "impossible", "2..4": "open", ">2": "open", "?": "open", UNDECIDED: "undecided"}
"""The style class of each kind of sign that is not a number."""

MOST_SHADES = 5
"""From so many rounds on, all numbers have the same colour."""

ROOM = 900.0
"""The width up to which panels are placed side by side."""

HIGH = 28.0
"""The height of a cell, and its width unless its sign is wider."""

FRAME = 3.0
"""How far the frame of an open cell is inside it."""

GAP = 30.0
LONGEST = 40
"""How many characters of a text are shown before its row."""

MOST_DESCRIBED = 60
"""How many cells the description of the picture contains."""


def drawn(shown: PeriodicTable) -> str:
    """The picture of a table."""
    return _Drawing(shown).svg()


def look(known: LeastRounds | None) -> str:
    """The style class of a cell."""
    if kind(known) == "number" and known is not None and known.rounds is not None:
        return f"rounds-{min(known.rounds, MOST_SHADES)}"
    return LOOKS[kind(known)]


class _Drawing:
    """One table in progress. left: the place of the first cell in a panel. wide: the width of a cell."""

    def __init__(self, shown: PeriodicTable) -> None:
        self.shown, self.panels = shown, laid_out(shown)
        self.signs = {sign(shown.known.get(cell)): shown.known.get(cell) for cell in shown.cells}
        heads = [head for panel in self.panels for head in panel.columns]
        self.wide = max(HIGH, *(width(one, 13) + 12 for one in [*self.signs, *heads]))
        self.left = max(width(excerpt(row, LONGEST), 12) for panel in self.panels for row in panel.rows) + 10
        across = max(len(one.columns) * self.wide + width(one.across, 12) + 12 for one in self.panels)
        self.across = self.left + max(across, *(width(one.title) for one in self.panels))

    def svg(self) -> str:
        """The whole picture."""
        title = f"Least number of rounds: {asked(self.shown)}"
        together = max(1, min(len(self.panels), int((ROOM + GAP) // (self.across + GAP))))
        room = 2 * MARGIN + max(together * (self.across + GAP) - GAP, width(title, 17), 520.0)
        y, parts = MARGIN + 14.0, [text("text", "headline", title, x=MARGIN, y=MARGIN + 14.0)]
        y += LINE_HEIGHT
        for first in range(0, len(self.panels), together):
            line = self.panels[first : first + together]
            parts += [self._panel(one, MARGIN + x * (self.across + GAP), y) for x, one in enumerate(line)]
            y += LINE_HEIGHT * 2 + max(len(one.rows) for one in line) * HIGH + GAP * 0.7
        below = list(self._below(y, room))
        bottom = max(float(one.get("y") or 0) for part in below for one in part.iter("text")) + MARGIN
        return picture(CLASS, "\n" + STYLE, (room, bottom), title, ". ".join(self._described()), [*parts, *below])

    def _panel(self, panel: Grid, x: float, y: float) -> Node:
        top = LINE_HEIGHT + 4
        cells = (
            self._cell(cell, row, column, top)
            for (row, column), cell in sorted(panel.cells.items(), key=lambda one: one[0])
        )
        return node(
            "g",
            "panel",
            text("text", "title", panel.title, x=self.left, y=top - 8),
            *self._heads(panel, top),
            *cells,
            transform=f"translate({x:.1f} {y:.1f})",
        )

    def _heads(self, panel: Grid, top: float) -> Iterator[Node]:
        """What stands before each row and under each column, and after these the name of the axis."""
        for number, row in enumerate(panel.rows):
            yield text("text", "row", excerpt(row, LONGEST), x=self.left - 8, y=top + (number + 0.5) * HIGH + 4.5)
        y = top + len(panel.rows) * HIGH + 15
        for number, column in enumerate(panel.columns):
            yield text("text", "column", column, x=self.left + (number + 0.5) * self.wide, y=y)
        yield text("text", "quiet axis", panel.across, x=self.left + len(panel.columns) * self.wide + 8, y=y)

    def _cell(self, cell: PeriodicCell, row: int, column: int, top: float) -> Node:
        known = self.shown.known.get(cell)
        square = self._square(known, sign(known), self.left + column * self.wide, top + row * HIGH)
        return node("g", f"cell {look(known)}", text("title", "", _told(cell, known)), *square)

    def _square(self, known: LeastRounds | None, said: str, x: float, y: float) -> Iterator[Node]:
        """A cell: its square, what marks it without colours, and its sign."""
        yield node("rect", "", x=x, y=y, width=self.wide, height=HIGH)
        if look(known) == "impossible":
            yield corners("hatch", (x, y), (self.wide, HIGH))
        if look(known) == "open":
            inside = {"width": self.wide - 2 * FRAME, "height": HIGH - 2 * FRAME}
            yield node("rect", "frame", x=x + FRAME, y=y + FRAME, **inside)
        yield text("text", "", said, x=x + self.wide / 2, y=y + HIGH / 2 + 4.5)

    def _below(self, y: float, across: float) -> Iterator[Node]:
        """The meaning of the signs, as many side by side as fit; how much is known, and what drew the table."""
        x = MARGIN
        for known, said, meaning in self._legend():
            taken = self.wide + width(meaning, 12) + 24
            if x > MARGIN and x + taken > across:
                x, y = MARGIN, y + HIGH + 4
            yield node("g", f"cell {look(known)} legend", *self._square(known, said, x, y))
            yield text("text", "quiet", meaning, x=x + self.wide + 6, y=y + HIGH / 2 + 4.5)
            x += taken
        lines = [f"{counts(self.shown)}.", f"Drawn by byzverify {byzverify.__version__}."]
        for number, line in enumerate(lines, 1):
            yield text("text", "quiet", line, x=MARGIN, y=y + HIGH + number * LINE_HEIGHT)

    def _legend(self) -> Iterator[tuple[LeastRounds | None, str, str]]:
        """A cell of each look, its sign, and its meaning: numbers first, each kind of the others once."""
        numbers = {known.rounds or 0 for known in self.signs.values() if known and kind(known) == "number"}
        for rounds in sorted(numbers):
            yield LeastRounds("solvable", rounds), str(rounds), f"{counted(rounds, 'round')}, and no fewer"
        samples = {kind(known): known for known in self.signs.values() if kind(known) != "number"}
        yield from ((samples[one], one, meaning) for one, meaning in MEANINGS.items() if one in samples)

    def _described(self) -> Iterator[str]:
        """The picture in words, for people who cannot see it."""
        yield counts(self.shown)
        for cell in self.shown.cells[:MOST_DESCRIBED]:
            yield _told(cell, self.shown.known.get(cell))
        if more := self.shown.cells[MOST_DESCRIBED:]:
            yield f"and {counted(len(more), 'more cell')}"


def _told(cell: PeriodicCell, known: LeastRounds | None) -> str:
    """A cell in words: `n = 4, at most 1 traitor: 2 rounds, shortest chain of 3`."""
    where = f"n = {cell.n}" if cell.graph is None else printable(cell.graph)
    commander = f", commander {cell.commander}" if cell.graph is not None and cell.commander is not None else ""
    by = f", {shown_by(known)}" if known is not None and known.executions is not None else ""
    return f"{where}{commander}, {at_most(cell.faults)}: {_said(known)}{by}"


def _said(known: LeastRounds | None) -> str:
    """What is known of a cell, in words."""
    if known is not None and kind(known) == "number":
        return counted(known.rounds or 0, "round")
    if known is not None and kind(known) == ">2":
        return f"more than {counted(int(known.impossible_rounds or 0), 'round')}, or no protocol"
    return f"{sign(known)} rounds" if kind(known) == "2..4" else MEANINGS[kind(known)]
