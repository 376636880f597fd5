"""Both proofs of each cell of a periodic table as files: a chain or a cover for `certify`, a protocol for `check`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from byzverify.files.saving import naming, write_all
from byzverify.maps.attack_files import plain
from byzverify.maps.periodic import PeriodicCell, PeriodicTable


def save_proofs(found: PeriodicTable, folder: Path) -> PeriodicTable:
    """Write the files to the folder, which is created if necessary. Returns the table with it. Raises UsageError."""
    texts: dict[Path, str] = {}
    for cell, known in found.known.items():
        for kind, text in (("json", known.certificate), ("py", known.protocol)):
            if text is not None:
                texts[folder / f"{name_of(cell)}.{kind}"] = text
    with naming(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_all(texts)
    return replace(found, folder=folder)


def name_of(cell: PeriodicCell) -> str:
    """A file name without its ending, such as `n7-byzantine2`, which is unique among the cells of a table."""
    graph = f"n{cell.n}" if cell.graph is None else plain(cell.graph.replace(":", "-").replace(",", "_"))
    commander = [] if cell.commander is None else [f"commander{cell.commander}"]
    signed = ["signed"] * cell.signed
    problem = [] if cell.problem == "broadcast" else [cell.problem]
    return "-".join([*problem, graph, *commander, *signed, *(f"{mode.value}{number}" for mode, number in cell.limits)])
