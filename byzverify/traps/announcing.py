"""Telling authors of traps, each once, when a model's file is loaded; only where the command line has asked for it.

Workers and other processes that load the same file again do not ask, so they say nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

_announced: set[object] = set()
_write: Callable[[str], object] | None = None


def announce_with(write: Callable[[str], object]) -> None:
    """From now on, write a line for each trap in a file that is loaded."""
    global _write
    _write = write
    _announced.clear()


def announce(path: Path) -> None:
    """Tell of the traps in a model's file that is about to be loaded, unless it was told already."""
    if _write is None:
        return
    from byzverify.traps.scanning import traps_in

    for trap in traps_in(path.resolve()):
        if trap not in _announced:
            _announced.add(trap)
            _write(f"{replace(trap, path=_from_here(trap.path))}\n")


def _from_here(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
