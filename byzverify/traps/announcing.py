"""Warns authors of traps, once for each trap, when a model's file is loaded; only if the command line asked for it.

Workers and other processes that load the same file do not ask, so they print nothing.
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
    """Warn of the traps in a model's file that is about to be loaded, except those warned of before."""
    if _write is None:
        return
    from byzverify.traps.scanning import traps_in

    for trap in traps_in(path.resolve()):
        if trap not in _announced:
            _announced.add(trap)
            _write(f"{replace(trap, path=_from_here(trap.path))}\n")


def _from_here(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
