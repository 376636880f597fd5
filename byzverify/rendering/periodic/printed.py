"""A periodic table on a terminal: a grid for each fault mode, or a list of graphs, and what is known of each cell.

Every cell has a sign in it, so that the grid is readable without colours. This module knows rich.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, product
from string import ascii_uppercase

from rich.columns import Columns
from rich.console import Console
from rich.text import Text

from byzverify.errors import counted, printable
from byzverify.maps.periodic import LeastRounds, PeriodicCell, PeriodicTable
from byzverify.rendering.map.printed import STYLES
from byzverify.rendering.periodic.files import network
from byzverify.rendering.periodic.panels import Grid, laid_out
from byzverify.rendering.periodic.signs import ABSENT, MEANINGS, asked, counts, kind, shown_by, sign

MOST_LISTED = 60
"""How many cells are listed if there are others: then those in which no protocol works are only counted."""


def print_table(console: Console, shown: PeriodicTable) -> None:
    """Print a table: its grids, the meaning of the signs, and what is known of each cell."""
    first = shown.cells[0]
    console.print(Text("LEAST NUMBER OF ROUNDS", "bold"), Text(asked(shown)))
    if first.graph is None:
        for panel in laid_out(shown):
            console.print()
            console.print(Text("\n", no_wrap=True).join(_grid(shown, panel)))
    console.print()
    console.print(_legend(shown), soft_wrap=False)
    console.print()
    _print_cells(console, shown)
    for line in _reasons(shown):
        console.print(Text(line, STYLES["unknown"]))
    console.print(Text(_ended(shown), "dim"))


def _style(known: LeastRounds | None) -> str:
    """The style of a cell."""
    kinds = {"solvable": "proved" if known and known.decided else "unknown", "impossible": "refuted"}
    return STYLES["undecided" if known is None else kinds.get(known.verdict, "unknown")]


def _grid(shown: PeriodicTable, panel: Grid) -> Iterator[Text]:
    """A panel, line by line."""
    margin = max(map(len, panel.rows)) + 1
    wide = max(map(len, [*(sign(shown.known.get(cell)) for cell in panel.cells.values()), *panel.columns])) + 2
    yield Text(panel.title, "bold")
    for y, row in enumerate(panel.rows):
        line = Text(row.ljust(margin), "dim")
        for x in range(len(panel.columns)):
            line.append_text(_square(shown, panel.cells.get((y, x)), wide))
        yield line
    under = "".join(column.center(wide) for column in panel.columns)
    yield Text(f"{panel.across.rjust(margin - 1)} {under}", "dim")


def _square(shown: PeriodicTable, cell: PeriodicCell | None, wide: int) -> Text:
    if cell is None:
        return Text(ABSENT.center(wide), STYLES["inapplicable"])
    known = shown.known.get(cell)
    return Text(sign(known).center(wide), _style(known))


def _legend(shown: PeriodicTable) -> Columns:
    """The meaning of each kind of sign that the table has."""
    known = [shown.known.get(cell) for cell in shown.cells]
    signs = {kind(one): _style(one) for one in known}
    has_gaps = shown.cells[0].graph is None and any(
        len(one.cells) < len(one.rows) * len(one.columns) for one in laid_out(shown)
    )
    signs |= {ABSENT: STYLES["inapplicable"]} if has_gaps else {}
    every = [Text.assemble((f" {one} ", signs[one]), f" {MEANINGS[one]}") for one in MEANINGS if one in signs]
    return Columns(every, padding=(0, 2))


def _print_cells(console: Console, shown: PeriodicTable) -> None:
    """What is known of each cell: of all cells, or, of many, of those in which a protocol may work."""
    cells = [cell for cell in shown.cells if cell in shown.known]
    listed = cells
    if len(cells) > MOST_LISTED:
        listed = [cell for cell in cells if shown.known[cell].verdict != "impossible"]
    rules = list(dict.fromkeys(shown.known[cell].rule for cell in listed))
    letters = dict(zip(filter(None, rules), _letters(), strict=False))
    if listed:
        for line in _aligned(list(_rows(shown, listed, letters))):
            console.print(line)
    if rest := len(cells) - len(listed):
        console.print(Text(f"no protocol in any number of rounds: {counted(rest, 'other cell')}", "dim"))
    for rule, letter in letters.items():
        console.print(Text(f"rule {letter}: {rule}"))


def _letters() -> Iterator[str]:
    """A, B, ..., Z, AA, AB and so on."""
    return ("".join(one) for length in count(1) for one in product(ascii_uppercase, repeat=length))


def _rows(shown: PeriodicTable, cells: Sequence[PeriodicCell], letters: Mapping[str, str]) -> Iterator[list[Text]]:
    """A row for each cell, after the names of the columns. letters: for each rule, what it is called."""
    network = ["n"] if cells[0].graph is None else ["graph", "edges", "connectivity", "commander"]
    modes = dict.fromkeys(mode for cell in shown.cells for mode, _ in cell.limits)
    heads = [*network, *(mode.value for mode in modes), "rounds", "impossibility", "rules", "proved rule"]
    yield [Text(head, "dim") for head in heads]
    for cell in cells:
        known = shown.known[cell]
        faults = [str(dict(cell.limits).get(mode, "")) for mode in modes]
        rest = [shown_by(known), _rules(known), letters.get(known.rule or "", "")]
        yield [*map(Text, [*_where(cell), *faults]), Text(sign(known), _style(known)), *map(Text, rest)]


def _aligned(rows: Sequence[Sequence[Text]]) -> Iterator[Text]:
    """Each row as a line, however wide the terminal is."""
    widths = [max(text.cell_len for text in column) for column in zip(*rows, strict=True)]
    for row in rows:
        line = Text(no_wrap=True)
        for text, wide in zip(row, widths, strict=True):
            line.append_text(text).append(" " * (wide - text.cell_len + 2))
        line.rstrip()
        yield line


def _where(cell: PeriodicCell) -> list[str]:
    """The network of a cell."""
    if cell.graph is None:
        return [str(cell.n)]
    commander = "" if cell.commander is None else str(cell.commander)
    return [printable(cell.graph), *map(str, network(cell)), commander]


def _rules(known: LeastRounds) -> str:
    """How many rules there are, if somebody counted."""
    return "" if known.free is None else "1" if known.free == 0 else f"2^{known.free}"


def _reasons(shown: PeriodicTable) -> Iterator[str]:
    """Why cells are unknown, each reason once."""
    found = Counter(known.reason for known in shown.known.values() if known.verdict == "unknown" and known.reason)
    return (f"{counted(number, 'cell')} unknown: {printable(reason)}" for reason, number in found.items())


def _ended(shown: PeriodicTable) -> str:
    """How many cells there are of each kind, and how long they took."""
    stopped = f"; stopped: {printable(shown.stopped)}" if shown.stopped else ""
    return f"{counts(shown)}; {sum(one.seconds for one in shown.known.values()):.2f} s{stopped}"
