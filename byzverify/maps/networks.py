"""Parses what a periodic table is about: from texts such as `3..7` to its cells.

This module knows which networks and limits on faults there are. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from byzverify.errors import UsageError
from byzverify.language.faults import Fault
from byzverify.language.messages import General
from byzverify.language.topology import alike_nodes, graph_of
from byzverify.limits import NO_LIMIT
from byzverify.maps.axes import MOST_CELLS, graphs_of, modes_of, numbers
from byzverify.maps.periodic import PeriodicCell

Limits = tuple[tuple[Fault, int], ...]
"""How many may fail in each mode, zeros included."""

Network = tuple[int, str | None, General | None]
"""How many generals there are, the graph, and the commander; None for the usual ones."""


def cells_of(
    *,
    n: str | None = None,
    t: str | None = None,
    faults: Sequence[str] = (),
    graph: str | None = None,
    graphs: str | None = None,
    problem: str = "broadcast",
    signed: bool = False,
) -> tuple[PeriodicCell, ...]:
    """The cells of a table, from texts as on the command line. Cells with more faults than generals are left out.

    n, t: one number, a range `3..7`, or a list `3,5,7`. faults: one text for each panel, such as `crash=1..2`. graph,
    graphs: as for maps; then every general is the commander, one of those that are alike. Raises UsageError.
    """
    if problem == "approximate":
        raise UsageError("a table has no epsilon: ask about approximate agreement with byzverify solvable")
    limits = list(_limits(t, faults))
    networks = _networks(n, graph, graphs, has_commander=problem not in ("consensus", "interactive"))
    if len(limits) * len(networks) > MOST_CELLS:
        raise UsageError(f"a table has at most {MOST_CELLS:,} cells")
    cells = tuple(
        PeriodicCell(problem, size, limit, text, commander, signed)
        for limit, (size, text, commander) in product(limits, networks)
        if sum(number for _, number in limit) <= size
    )
    if not cells:
        raise UsageError("there are more faults than generals in every cell")
    for cell in {min(cells, key=_size), max(cells, key=_size)}:
        cell.question()
    return cells


def _size(cell: PeriodicCell) -> int:
    return cell.n


def _limits(t: str | None, faults: Sequence[str]) -> Iterator[Limits]:
    """Every combination of limits: of one panel after another, in the order in which they are given."""
    if t is not None and faults:
        modes_of(t, faults[0])
    panels = [modes_of(None, text) for text in faults] or [{"byzantine": numbers(t or "1", "-t")}]
    for panel in panels:
        modes = [Fault(name) for name in panel]
        yield from (tuple(zip(modes, map(int, one), strict=True)) for one in product(*panel.values()))


def _networks(n: str | None, graph: str | None, graphs: str | None, has_commander: bool) -> list[Network]:
    given = graphs_of(n, graph, graphs).get("graph", ())
    if not given:
        if n is None:
            raise UsageError("say how many generals there are with -n, or give --graph or --graphs")
        return [(size, None, None) for size in numbers(n, "-n")]
    return [network for text in map(str, given) for network in _commanded(text, n, has_commander)]


def _commanded(text: str, n: str | None, has_commander: bool) -> Iterator[Network]:
    """A graph with each general as commander, one of those that are alike. Raises UsageError."""
    network = graph_of(text)
    if n not in (None, str(len(network))):
        raise UsageError(f"the graph {text} has {len(network)} nodes: leave -n out")
    if len(network) < 2:
        raise UsageError(f"there must be 2 generals or more, and the graph {text} has one node")
    if has_commander:
        yield from ((len(network), text, alike[0]) for alike in alike_nodes(network, NO_LIMIT.check))
    else:
        yield len(network), text, None
