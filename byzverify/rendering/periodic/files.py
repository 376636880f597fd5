"""A periodic table as files: JSON, CSV with one row for each cell, and pictures.

`rendering/objects.py` defines the JSON object, and docs/reference/json.md says what its fields mean. This module
decides nothing.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any, cast, get_type_hints

from byzverify.language.topology import connectivity, graph_of
from byzverify.maps.periodic import LeastRounds, PeriodicCell, PeriodicTable
from byzverify.maps.proof_files import name_of
from byzverify.rendering.objects import CellTabulated, Tabulated

KINDS = ("json", "csv")
"""The kinds of tables, for programs."""

ENDINGS = ("svg", "png", *KINDS)
"""The endings of the files that a table can be written to."""


def made(shown: PeriodicTable, ending: str) -> bytes:
    """The content of a file with this ending. Raises UsageError if a picture cannot be made here."""
    if ending in KINDS:
        return written(shown, ending).encode()
    from byzverify.rendering.periodic.drawing import drawn
    from byzverify.rendering.picture import pictured

    return pictured(drawn(shown), ending)


def written(shown: PeriodicTable, kind: str) -> str:
    """The table as a text of one of the kinds. Cells that are not known are left out."""
    return json.dumps(as_json(shown), indent=1) + "\n" if kind == "json" else _as_csv(shown)


def as_json(shown: PeriodicTable) -> Tabulated:
    """The object that `byzverify map --solvable --json` prints."""
    return {
        "problem": cast(Any, shown.cells[0].problem),
        "signed": shown.cells[0].signed,
        "stopped": shown.stopped,
        "contradictions": shown.contradictions,
        "cells": [_cell(cell, shown.known[cell], shown.folder) for cell in shown.cells if cell in shown.known],
    }


def network(cell: PeriodicCell) -> tuple[int, int]:
    """How many edges a network has, and how many generals must be removed to disconnect it."""
    if cell.graph is None:
        return cell.n * (cell.n - 1) // 2, cell.n - 1
    graph = graph_of(cell.graph)
    return graph.number_of_edges(), connectivity(graph)


def _cell(cell: PeriodicCell, known: LeastRounds, folder: Path | None) -> CellTabulated:
    edges, connected = network(cell)
    made: CellTabulated = {
        "n": cell.n,
        "graph": cell.graph,
        "edges": edges,
        "connectivity": connected,
        "commander": cell.question().setting.commander if cell.problem != "interactive" else None,
        "faults": {mode.value: number for mode, number in cell.limits},
        "verdict": known.verdict,
        "rounds": known.rounds,
        "impossible_rounds": known.impossible_rounds,
        "open_rounds": list(known.open),
        "executions": known.executions,
        "shortest": known.shortest,
        "views": known.views,
        "free": known.free,
        "rules": None if known.alike is None else 2**known.alike,
        "rule": known.rule,
        "command": cell.command(),
        "certificate": _path(cell, folder, "json", known.certificate),
        "protocol": _path(cell, folder, "py", known.protocol),
        "seconds": round(known.seconds, 3),
    }
    if known.reason is not None:
        made["reason"] = known.reason
    return made


def _path(cell: PeriodicCell, folder: Path | None, kind: str, text: str | None) -> str | None:
    return None if folder is None or text is None else str(folder / f"{name_of(cell)}.{kind}")


def _as_csv(shown: PeriodicTable) -> str:
    """The table as CSV with a header. None is an empty field; a list is joined by spaces."""
    found = as_json(shown)
    text = io.StringIO()
    writer = csv.DictWriter(text, ["problem", "signed", *get_type_hints(CellTabulated)], lineterminator="\n")
    writer.writeheader()
    common = {"problem": found["problem"], "signed": str(found["signed"]).lower()}
    for cell in found["cells"]:
        writer.writerow(common | {name: _plain(value) for name, value in cell.items()})
    return text.getvalue()


def _plain(value: object) -> object:
    """A value as a field of CSV."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return ",".join(f"{name}={number}" for name, number in value.items())
    return " ".join(map(str, value)) if isinstance(value, list) else value
