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
from byzverify.rendering.verdict.existence import PROBLEMS

MOST_LISTED = 60
"""How many cells are listed if there are others: then those in which no protocol works are only counted."""

NOTHING, UNDECIDED, ABSENT = "✗", "…", "·"

Limits = tuple[tuple[str, int], ...]


def print_table(console: Console, shown: PeriodicTable) -> None:
    """Print a table: its grids, the meaning of the signs, and what is known of each cell."""
    first = shown.cells[0]
    signed = ", signed messages" if first.signed else ""
    console.print(Text("LEAST NUMBER OF ROUNDS", "bold"), Text(f"{PROBLEMS[first.problem]}{signed}"))
    if first.graph is None:
        for panel in _panels(shown):
            console.print()
            console.print(panel)
    console.print()
    console.print(_legend(shown), soft_wrap=False)
    console.print()
    _print_cells(console, shown)
    for line in _reasons(shown):
        console.print(Text(line, STYLES["unknown"]))
    console.print(Text(_counts(shown), "dim"))


def sign(known: LeastRounds | None) -> str:
    """The sign of a cell: the least number of rounds, or what is known of it."""
    if known is None:
        return UNDECIDED
    if known.verdict == "impossible":
        return NOTHING
    if known.rounds is not None:
        return f"{known.open[0]}..{known.rounds}" if known.open else str(known.rounds)
    return "?" if known.impossible_rounds is None else f">{known.impossible_rounds}"


def _style(known: LeastRounds | None) -> str:
    """The style of a cell."""
    kinds = {"solvable": "proved" if known and known.decided else "unknown", "impossible": "refuted"}
    return STYLES["undecided" if known is None else kinds.get(known.verdict, "unknown")]


def _panels(shown: PeriodicTable) -> Iterator[Text]:
    """A grid for each fault mode, or mixture of modes: n goes to the right, and the numbers of faults upwards."""
    modes = dict.fromkeys(tuple(mode for mode, _ in cell.limits) for cell in shown.cells)
    for panel in modes:
        cells = [cell for cell in shown.cells if tuple(mode for mode, _ in cell.limits) == panel]
        yield Text("\n", no_wrap=True).join(_grid(shown, " and ".join(mode.value for mode in panel), cells))


def _grid(shown: PeriodicTable, title: str, cells: Sequence[PeriodicCell]) -> Iterator[Text]:
    at = {(cell.limits, cell.n): cell for cell in cells}
    columns = sorted({cell.n for cell in cells})
    rows = dict.fromkeys(cell.limits for cell in cells)
    names = {row: _row(row) for row in rows}
    margin = max(map(len, names.values())) + 1
    wide = max([len(sign(shown.known.get(cell))) for cell in cells] + [len(str(n)) for n in columns]) + 2
    yield Text(title, "bold")
    for row in reversed(rows):
        line = Text(names[row].ljust(margin), "dim")
        for n in columns:
            line.append_text(_square(shown, at.get((row, n)), wide))
        yield line
    yield Text("n".rjust(margin - 1) + " " + "".join(str(n).center(wide) for n in columns), "dim")


def _row(limits: Sequence[tuple[str, int]]) -> str:
    """The numbers before a row of a grid: `t 2`, or of a mixture `1, 2`."""
    numbers = ", ".join(str(number) for _, number in limits)
    return numbers if limits[1:] else f"t {numbers}"


def _square(shown: PeriodicTable, cell: PeriodicCell | None, wide: int) -> Text:
    if cell is None:
        return Text(ABSENT.center(wide), STYLES["inapplicable"])
    known = shown.known.get(cell)
    return Text(sign(known).center(wide), _style(known))


def _legend(shown: PeriodicTable) -> Columns:
    """The meaning of each kind of sign that the table has."""
    meanings = {
        "number": "the least number of rounds of any protocol",
        NOTHING: "no protocol in any number of rounds",
        "2..4": "a protocol with 4 rounds, none with fewer than 2",
        ">2": "no protocol with 2 rounds; more rounds are open",
        "?": "unknown",
        UNDECIDED: "not decided yet",
        ABSENT: "more faults than generals",
    }
    known = [shown.known.get(cell) for cell in shown.cells]
    signs = {_kind(one): _style(one) for one in known}
    every = [Text.assemble((f" {one} ", signs[one]), f" {meanings[one]}") for one in meanings if one in signs]
    return Columns(every, padding=(0, 2))


def _kind(known: LeastRounds | None) -> str:
    """The kind of a cell's sign, as the legend has it."""
    if known is not None and known.rounds is not None:
        return "2..4" if known.open else "number"
    return ">2" if sign(known).startswith(">") else sign(known)


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
        rest = [_shown(known), _rules(known), letters.get(known.rule or "", "")]
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


def _shown(known: LeastRounds) -> str:
    """What shows that fewer rounds, or any number of them, do not suffice."""
    if known.executions is None:
        return ""
    if known.impossible_rounds == "any" and not known.shortest:
        return f"cover of {known.executions}"
    return f"{'shortest ' if known.shortest else ''}chain of {known.executions}"


def _rules(known: LeastRounds) -> str:
    """How many rules there are, if somebody counted."""
    return "" if known.free is None else "1" if known.free == 0 else f"2^{known.free}"


def _reasons(shown: PeriodicTable) -> Iterator[str]:
    """Why cells are unknown, each reason once."""
    found = Counter(known.reason for known in shown.known.values() if known.verdict == "unknown" and known.reason)
    return (f"{counted(number, 'cell')} unknown: {printable(reason)}" for reason, number in found.items())


def _counts(shown: PeriodicTable) -> str:
    """How many cells there are of each kind, and how long they took."""
    known = list(shown.known.values())
    number = {
        "decided": sum(one.decided for one in known),
        "not fully decided": sum(not one.decided for one in known),
        "not decided yet": len(shown.cells) - len(known),
    }
    parts = [f"{count} {words}" for words, count in number.items() if count or words == "decided"]
    stopped = f"; stopped: {printable(shown.stopped)}" if shown.stopped else ""
    return (
        f"{counted(len(shown.cells), 'cell')}: {', '.join(parts)}; {sum(one.seconds for one in known):.2f} s{stopped}"
    )
