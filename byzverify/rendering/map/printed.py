"""A map on a terminal: its panels side by side, the frontier of the claim as a line, and notes about its cells.

Every cell has a sign in it, so that the map is readable without colours. This module knows rich.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from rich.cells import cell_len, set_cell_size
from rich.columns import Columns
from rich.console import Console
from rich.table import Table
from rich.text import Text

from byzverify.errors import counted, excerpt, printable
from byzverify.maps.landscape import Map, Place
from byzverify.rendering.map.cells import Signs, kind, named
from byzverify.rendering.map.heading import all_sizes, beyond, claim, counts, effort, findings, reasons, title
from byzverify.rendering.map.panels import Frontier, Panel, Panels, laid_out, of_texts
from byzverify.rendering.map.ranges import ranges

STYLES = {
    "proved": "#000000 on #56c596",
    "beyond": "#000000 on #b8e6d2",
    "refuted": "#000000 on #f6b48a",
    "several": "#000000 on #e8833a",
    "finding": "bold #ffffff on #c40000",
    "unsolvable": "#000000 on #f6b48a",
    "unknown": "#000000 on #f5e663",
    "inapplicable": "dim",
    "undecided": "dim",
}

LINES = " ╸╹┛╺━┗┻╻┓┃┫┏┳┣╋"
"""The characters where lines meet, by the sum of 1 for a line to the left, 2 up, 4 to the right, 8 down."""

GAP = 3
LONGEST = 40
"""How many characters of a text are printed before its row."""

MOST_LISTED = 20
"""How many findings are listed, and how many lines about other cells."""


def print_map(console: Console, shown: Map) -> None:
    """Print a map: its panels, the meaning of the signs, and cells that are unknown or differ from the claim."""
    panels, signs = laid_out(shown.landscape), Signs(shown)
    console.print(Text("MAP", "bold"), Text(title(shown.landscape)))
    console.print(Text(f"claimed: {claim(shown)}", "dim"))
    for row in _beside(console, list(_drawn(panels, shown, signs, console.width))):
        console.print()
        console.print(row, soft_wrap=False)
    console.print()
    console.print(_legend(signs, panels.has_frontier(shown.known)), soft_wrap=False)
    _print_findings(console, shown)
    _print_others(console, shown, panels)
    for line in all_sizes(shown):
        console.print(Text(line))
    console.print(Text(f"{counts(shown)}; {effort(shown)}", "dim"))


def _drawn(panels: Panels, shown: Map, signs: Signs, room: int) -> Iterator[Text]:
    """Every panel, in several parts if it is too wide."""
    for panel in panels.panels:
        drawing = _Drawing(panels, panel, shown, signs)
        most = max(1, (room - drawing.margin - drawing.after) // (drawing.wide + 1))
        for first in range(0, len(panels.columns), most):
            columns = range(first, min(first + most, len(panels.columns)))
            yield Text("\n", no_wrap=True).join(drawing.lines(columns))


class _Drawing:
    """One panel. wide: how many characters a cell takes. margin, after: how many are before and after the cells."""

    def __init__(self, panels: Panels, panel: Panel, shown: Map, signs: Signs) -> None:
        self.panel, self.shown, self.signs = panel, shown, signs
        self.frontier: Frontier = panels.frontier(panel, shown.known)
        name = "" if of_texts(panels.down) else f"{panels.down.name} "
        self.before = [f"{name}{excerpt(row, LONGEST)} " if row else "" for row in panels.rows]
        self.under = panels.columns
        self.beyond = panels.beyond(panel, shown)
        self.across = f"{panels.across.name} " if panels.across.name else ""
        self.wide = max(signs.longest, *map(len, panels.columns)) + 1 + (signs.longest < 2)
        self.margin = max(map(cell_len, [*self.before, self.across]))
        self.after = max(map(len, self.beyond)) + 4 if any(self.beyond) else 0

    def lines(self, columns: range) -> Iterator[Text]:
        """These columns of the panel, from top to bottom. There is room for the frontier only where it runs."""
        cut = {x for _, x in self.frontier.lefts} & set(columns)
        if self.panel.title:
            yield Text(self.panel.title, "bold")
        for y, before in enumerate(self.before):
            if any(top == y for top, _ in self.frontier.tops):
                yield Text(" " * self.margin + "".join(self._rule(y, x, x in cut) for x in columns))
            row = Text(set_cell_size(before, self.margin) if before else " " * self.margin, "dim")
            for x in columns:
                row.append(("┃" if (y, x) in self.frontier.lefts else " ") * (x in cut), "bold")
                row.append_text(self._cell(y, x))
            if self.beyond[y] and columns[-1] == len(self.under) - 1:
                row.append(" →", "dim").append(f" {self.beyond[y]} ", STYLES["proved"])
            yield row
        if self.across:
            below = "".join(" " * (x in cut) + self.under[x].center(self.wide) for x in columns)
            yield Text(f"{self.across:>{self.margin}}{below}", "dim")

    def _cell(self, y: int, x: int) -> Text:
        known = self.shown.known.get(self.panel.places[y][x])
        return Text(self.signs.sign(known).center(self.wide), STYLES[kind(known)])

    def _rule(self, y: int, x: int, cut: bool) -> str:
        """The text above a cell, and above the line at its left if there is one."""
        tops, lefts = self.frontier.tops, self.frontier.lefts
        meeting = [(y, x - 1) in tops, (y - 1, x) in lefts, (y, x) in tops, (y, x) in lefts]
        corner = LINES[sum(here << bit for bit, here in enumerate(meeting))]
        return corner * cut + (LINES[5] if (y, x) in tops else " ") * self.wide


def _beside(console: Console, panels: Sequence[Text]) -> Iterator[Table]:
    """The panels side by side, as many as fit, with their last rows at the same height."""
    widths = [max(line.cell_len for line in panel.split()) for panel in panels]
    together = max(1, (console.width + GAP) // (max(widths) + GAP))
    for first in range(0, len(panels), together):
        grid = Table.grid(padding=(0, GAP, 0, 0), pad_edge=False)
        here = slice(first, first + together)
        for _ in panels[here]:
            grid.add_column(vertical="bottom", no_wrap=True, min_width=max(widths))
        grid.add_row(*panels[here])
        yield grid


def _legend(signs: Signs, has_line: bool) -> Columns:
    wide = signs.longest + 2
    every = [(sign.center(wide), STYLES[one], meaning) for one, sign, meaning in signs.legend()]
    every += [("┃".center(wide), "bold", "where the claim ends")] * has_line
    return Columns([Text.assemble((sign, style), f" {meaning}") for sign, style, meaning in every], padding=(0, 2))


def _print_findings(console: Console, shown: Map) -> None:
    """The cells that are refuted though claimed, each with the command that shows how."""
    found = list(findings(shown))
    for place, known in found[:MOST_LISTED]:
        broken = printable(", ".join(known.breaks))
        where = named(shown.landscape, place) or "here"
        console.print(Text("REFUTED, THOUGH CLAIMED", "bold red"), Text(f"at {where}: {broken}"))
        console.print(Text(f"  {printable(shown.landscape.cell(place).command())}"))
    if found[MOST_LISTED:]:
        console.print(f"and {counted(len(found) - MOST_LISTED, 'more finding')}", style="bold red")


def _print_others(console: Console, shown: Map, panels: Panels) -> None:
    """Lines about cells with more proved than claimed, and about unknown cells, by the reason."""
    _print_where(console, panels, "proved, and not claimed", beyond(shown))
    for reason, places in reasons(shown).items():
        _print_where(console, panels, f"unknown: {reason}", places)


def _print_where(console: Console, panels: Panels, what: str, places: Collection[Place]) -> None:
    if not places:
        return
    console.print(Text.assemble(f"{counted(len(places), 'cell')} ", (what, "bold")))
    lines = ranges(panels, set(places))
    for line in islice(lines, MOST_LISTED):
        console.print(Text(f"  {line}", "dim"))
    if more := sum(1 for _ in lines):
        console.print(f"  and in {counted(more, 'more panel')}", style="dim")
