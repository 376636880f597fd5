"""The tables in docs/data: the command that makes each of them, and how it is written down, in files and on the page.

`python -m tests.maps.periodic` makes them all anew, or those that are named, and prints them as the page shows them:
`nox -s periodic`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import byzverify
from byzverify.language.faults import Fault
from byzverify.language.topology import graph_of
from byzverify.maps.periodic import LeastRounds, PeriodicCell, PeriodicTable

DATA = Path(__file__).parents[2] / "docs" / "data"

TABLES = {
    "periodic-table": "-n 3..8 --faults byzantine=1..2 --faults omission=1..2 --faults crash=1..2 "
    "--faults symmetric=1..2 --faults manifest=1..2",
    "periodic-table-signed": "-n 3..8 -t 1..2 --signed",
    "periodic-table-graded": "-n 3..9 -t 1..2 --problem graded",
    "periodic-table-mixtures": "-n 3..7 --faults byzantine=1,omission=1 --faults byzantine=1,crash=1 "
    "--faults byzantine=1,symmetric=1 --faults byzantine=1,manifest=1",
    "atlas-one-traitor": "--graphs connected:2..6 -t 1",
}
"""The options of `byzverify map --solvable` for each table."""

TIMEOUT = 600
"""Seconds for each cell."""


def made(options: str) -> dict[str, Any]:
    """The table that the command prints."""
    command = [sys.executable, "-P", "-m", "byzverify", "map", "--solvable", *options.split()]
    ended = subprocess.run(
        [*command, "--timeout", str(TIMEOUT), "--json"], stdout=subprocess.PIPE, text=True, check=False
    )
    assert ended.returncode in (0, 3), ended.returncode
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def lasting(cell: dict[str, Any]) -> dict[str, Any]:
    """What another run says too."""
    return {name: value for name, value in cell.items() if name != "seconds"}


def text(table: dict[str, Any]) -> str:
    """The file of a table: a line for each cell, without the seconds."""
    *heads, last = table
    assert last == "cells"
    parts = [f" {json.dumps(name)}: {json.dumps(table[name])},\n" for name in heads]
    cells = ",\n".join(f"  {json.dumps(lasting(cell))}" for cell in table["cells"])
    return f'{{\n{"".join(parts)} "cells": [\n{cells}\n ]\n}}\n'


def read(name: str) -> dict[str, Any]:
    """A table that was written."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


def table(name: str) -> PeriodicTable:
    """A table that was written, as `byzverify map --solvable` had it when it was made."""
    found = read(name)
    common = {"problem": found["problem"], "signed": found["signed"]}
    cells = {_cell(cell, common): _known(cell) for cell in found["cells"]}
    return PeriodicTable(tuple(cells), cells)


def _cell(cell: dict[str, Any], common: dict[str, Any]) -> PeriodicCell:
    limits = tuple((Fault(mode), number) for mode, number in cell["faults"].items())
    return PeriodicCell(n=cell["n"], limits=limits, graph=cell["graph"], commander=cell["commander"], **common)


def _known(cell: dict[str, Any]) -> LeastRounds:
    same = {name: cell[name] for name in ("verdict", "rounds", "impossible_rounds", "executions", "shortest", "rule")}
    return LeastRounds(**same, open=tuple(cell["open_rounds"]))


def sign(cell: dict[str, Any]) -> str:
    """The least number of rounds, with how many executions rule out one less."""
    if cell["verdict"] == "impossible":
        return "✗"
    chain = "" if cell["executions"] is None else f" ({'' if cell['shortest'] else '≤ '}{cell['executions']})"
    below = cell["impossible_rounds"]
    if cell["rounds"] is None:
        return "?" if below is None else f"> {below}{chain}"
    return (
        f"{cell['rounds']}{chain}" if not cell["open_rounds"] else f"{cell['open_rounds'][0]}..{cell['rounds']}{chain}"
    )


def grid(table: dict[str, Any]) -> list[str]:
    """A table by sizes as Markdown: a row for each limit on faults, a column for each number of generals."""
    rows: dict[str, dict[int, str]] = {}
    for cell in table["cells"]:
        faults = ", ".join(f"{number} {mode}" for mode, number in cell["faults"].items())
        rows.setdefault(faults, {})[cell["n"]] = sign(cell)
    sizes = sorted({n for row in rows.values() for n in row})
    heads = [f"| at most | {' | '.join(f'n = {n}' for n in sizes)} |", f"| --- |{' --- |' * len(sizes)}"]
    return [*heads, *(f"| {faults} | {' | '.join(row.get(n, '') for n in sizes)} |" for faults, row in rows.items())]


def graphs(table: dict[str, Any]) -> list[str]:
    """A table of graphs as Markdown: a row for each cell in which a protocol may work, from four generals on."""
    heads = ["| graph | n | edges | missing edges | commander | rounds | rules | `dolev_relay` |", f"|{' --- |' * 8}"]
    return [*heads, *(_row(cell) for cell in table["cells"] if cell["verdict"] != "impossible" and cell["n"] > 3)]


def _row(cell: dict[str, Any]) -> str:
    rules = "" if cell["free"] is None else "1" if cell["free"] == 0 else f"2^{cell['free']}"
    where = [cell["graph"], cell["n"], cell["edges"], " ".join(_missing(cell["graph"])), cell["commander"]]
    return f"| {' | '.join(map(str, [*where, sign(cell), rules, relayed(cell['graph'], cell['commander'])]))} |"


def _missing(graph: str) -> Iterator[str]:
    """The pairs of generals who are no neighbours."""
    network = graph_of(graph)
    return (f"{a}-{b}" for a in network for b in network if a < b and not network.has_edge(a, b))


def relayed(graph: str, commander: int) -> int:
    """How many rounds Dolev's protocol takes on a graph. General 0 commands it: he and the commander are exchanged."""
    swap = {0: commander, commander: 0}
    edges = sorted(sorted(swap.get(one, one) for one in edge) for edge in graph_of(graph).edges)
    text = "edges:" + ",".join(f"{a}-{b}" for a, b in edges)
    model = byzverify.protocol("dolev_relay", n=len(graph_of(graph)), graph=text, m=1)
    return byzverify.simulate(model, [], [model.orders[0].name]).run.rounds


def shown(name: str) -> list[str]:
    """The table of this name as Markdown."""
    table = read(name)
    return grid(table) if table["cells"][0]["graph"] is None else graphs(table)


def main() -> None:
    DATA.mkdir(exist_ok=True)
    for name in sys.argv[1:] or TABLES:
        (DATA / f"{name}.json").write_text(text(made(TABLES[name])), encoding="utf-8")
        print("\n".join(["", f"{name}:", "", *shown(name)]))


if __name__ == "__main__":
    main()
