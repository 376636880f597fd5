"""A periodic table laid out: a panel for each fault mode, or mixture of modes, with n to the right and faults upwards.

On graphs there is a panel for each limit on faults, with a row for each graph and a column for each commander. This
module must not know what anything looks like.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from byzverify.errors import printable
from byzverify.maps.periodic import PeriodicCell, PeriodicTable
from byzverify.rendering.verdict.existence import at_most


@dataclass(frozen=True)
class Grid:
    """One grid. across: what varies to the right. rows: what stands before each row, from the top. cells: by row and
    column; a place that is not in it asks nothing.
    """

    title: str
    across: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[int, int], PeriodicCell]


def laid_out(shown: PeriodicTable) -> list[Grid]:
    """The panels of a table."""
    return list(_of_graphs(shown) if shown.cells[0].graph is not None else _of_sizes(shown))


def _of_sizes(shown: PeriodicTable) -> Iterator[Grid]:
    for panel in dict.fromkeys(tuple(mode for mode, _ in cell.limits) for cell in shown.cells):
        cells = [cell for cell in shown.cells if tuple(mode for mode, _ in cell.limits) == panel]
        rows = list(reversed(dict.fromkeys(cell.limits for cell in cells)))
        columns = sorted({cell.n for cell in cells})
        places = {(rows.index(cell.limits), columns.index(cell.n)): cell for cell in cells}
        names = tuple(_numbers(row) for row in rows)
        yield Grid(" and ".join(mode.value for mode in panel), "n", names, tuple(map(str, columns)), places)


def _of_graphs(shown: PeriodicTable) -> Iterator[Grid]:
    for limits in dict.fromkeys(cell.limits for cell in shown.cells):
        cells = {(cell.graph or "", cell.commander): cell for cell in shown.cells if cell.limits == limits}
        rows = list(dict.fromkeys(graph for graph, _ in cells))
        columns = sorted({commander for _, commander in cells}, key=lambda one: -1 if one is None else one)
        places = {(rows.index(row), columns.index(one)): cell for (row, one), cell in cells.items()}
        heads = tuple("" if one is None else str(one) for one in columns)
        across = "commander" if any(heads) else ""
        yield Grid(at_most(dict(limits)), across, tuple(map(printable, rows)), heads, places)


def _numbers(limits: tuple[tuple[str, int], ...]) -> str:
    """The numbers before a row of a grid: `t 2`, or of a mixture `1, 2`."""
    numbers = ", ".join(str(number) for _, number in limits)
    return numbers if limits[1:] else f"t {numbers}"
