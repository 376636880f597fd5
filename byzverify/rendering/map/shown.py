"""Shows maps: prints them on a terminal, or writes them to a file of the kind that its suffix asks for.

This module knows which module makes what. It must not know how.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from byzverify.errors import UsageError
from byzverify.files.saving import demand_permission, demand_place, write
from byzverify.maps.landscape import Map
from byzverify.rendering.picture import pictured

if TYPE_CHECKING:
    from rich.console import Console

TABLES = ("csv", "json", "parquet")
ENDINGS = ("svg", "png", "html", *TABLES)


def print_map(console: Console, shown: Map) -> None:
    """Print a map, and the cells where claim and verdict differ."""
    from byzverify.rendering.map.printed import print_map

    print_map(console, shown)


def save_map(shown: Map, output: Path) -> None:
    """Write a map as a picture, a page or a table.

    Raises UsageError if it cannot be made or written, AttackFileError for an attack that does not reproduce.
    """
    demand_writable(output)
    write(output, _made(shown, output.suffix.removeprefix(".")))


def demand_writable(output: Path) -> None:
    """Raise UsageError if a map cannot be written there, before any work is done."""
    if output.suffix.removeprefix(".") not in ENDINGS:
        raise UsageError(
            f"a map is written as {', '.join(f'.{one}' for one in ENDINGS)}; write -o map.svg, not {output}"
        )
    demand_place(output)
    demand_permission(output)


def _made(shown: Map, kind: str) -> bytes:
    if kind == "html":
        from byzverify.rendering.map.page import page

        return page(shown).encode(errors="replace")
    if kind in TABLES:
        return table(shown, kind)
    from byzverify.rendering.map.drawing import drawn

    return pictured(drawn(shown), kind)


def table(shown: Map, kind: str) -> bytes:
    """A map as one of the tables. Raises UsageError if what is needed is not installed."""
    if kind == "json":
        from byzverify.rendering.map.map_file import as_json

        return as_json(shown)
    from byzverify.rendering.map.table import as_csv, as_parquet

    return as_csv(shown) if kind == "csv" else as_parquet(shown)
