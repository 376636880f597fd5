"""The attacks of a map's refuted cells, as files with names that say which cell each is of."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from byzverify.catalogue.configurations import Configuration
from byzverify.files.saving import naming, write_all
from byzverify.maps.landscape import Map

LONGEST = 100
"""How many characters of one value are written out in a file's name."""


def save(found: Map, folder: Path) -> int:
    """Write them into the folder, which is made if there is none; how many there are. Raises UsageError."""
    attacks = {name_of(found.landscape.cell(place)): known.attack for place, known in found.known.items()}
    saved = {f"{name}.json": text for name, text in attacks.items() if text is not None}
    with naming(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_all({folder / name: text for name, text in saved.items()})
    return len(saved)


def name_of(cell: Configuration) -> str:
    """A name such as `om-n6-m2-t2`, for a file: no two cells of a map have the same."""
    sizes = {"n": cell.n, "m": cell.m, "t": cell.t, "values": cell.values}
    given = {name: value for name, value in sizes.items() if value is not None} | cell.faults | cell.set
    graph = [] if cell.graph is None else [_plain(cell.graph.replace(":", "-").replace(",", "_"))]
    model = re.split(r"[:/\\]", cell.model)[-1].removesuffix(".py")
    return "-".join([model, *graph, *(f"{name}{_plain(value)}" for name, value in given.items())])


def _plain(value: object) -> str:
    """The value as it can stand in a file's name; the hash of what cannot, behind it."""
    text = str(value)
    plain = re.sub(r"[^\w.+-]", "", text)[:LONGEST]
    return plain if plain == text else f"{plain}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
