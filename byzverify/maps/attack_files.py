"""The attacks of a map's refuted cells as files, with names that say to which cell each belongs."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from byzverify.catalogue.configurations import Configuration
from byzverify.files.saving import naming, write_all
from byzverify.maps.landscape import Map

LONGEST = 100
"""How many characters of one value a file name contains."""


def save(found: Map, folder: Path) -> int:
    """Write the attacks to the folder, which is created if necessary. Returns their number. Raises UsageError."""
    attacks = {name_of(found.landscape.cell(place)): known.attack for place, known in found.known.items()}
    saved = {f"{name}.json": text for name, text in attacks.items() if text is not None}
    with naming(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_all({folder / name: text for name, text in saved.items()})
    return len(saved)


def name_of(cell: Configuration) -> str:
    """A file name such as `om-n6-m2-t2`, which is unique among the cells of a map."""
    sizes = {"n": cell.n, "m": cell.m, "t": cell.t, "values": cell.values}
    given = {name: value for name, value in sizes.items() if value is not None} | cell.faults | cell.set
    graph = [] if cell.graph is None else [plain(cell.graph.replace(":", "-").replace(",", "_"))]
    model = re.split(r"[:/\\]", cell.model)[-1].removesuffix(".py")
    return "-".join([model, *graph, *(f"{name}{plain(value)}" for name, value in given.items())])


def plain(value: object) -> str:
    """The value in a form that a file name can contain, followed by a hash if something had to be changed."""
    text = str(value)
    kept = re.sub(r"[^\w.+-]", "", text)[:LONGEST]
    return kept if kept == text else f"{kept}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
