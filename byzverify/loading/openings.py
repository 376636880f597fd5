"""The files that a model opens itself, such as one that it executes: noticed by an audit hook.

An audit hook stays for good, so there is one, which does nothing while no model is loaded or run. This module does not
know what a model is; it tells whoever asked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import source_from_cache
from pathlib import Path
from threading import local
from typing import Any

Note = Callable[[Path], None]

PSEUDO = {"proc", "sys", "dev"}
"""File systems that contain no files but what the system says at the moment."""


class _Listening(local):
    """What this thread calls with a file that it opens."""

    def __init__(self) -> None:
        self.notes: list[Note] = []


_listening = _Listening()


@contextmanager
def noted(note: Note) -> Iterator[None]:
    """Call `note` with each file that this thread opens in the block to be read."""
    _install()
    before = _listening.notes
    _listening.notes = [*before, note]
    try:
        yield
    finally:
        _listening.notes = before


@cache
def _install() -> None:
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _listening.notes and isinstance(arguments[0], str | bytes):
        for_reading = not arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if for_reading:
            _tell(Path(os.fsdecode(arguments[0])))


def _tell(file: Path) -> None:
    notes = _listening.notes
    _listening.notes = []  # what is opened to note it is not noted
    try:
        with suppress(OSError, ValueError):  # a file that is not there, or cannot be
            if (lasting := _lasting(file.resolve())) is not None:
                for note in notes:
                    note(lasting)
    finally:
        _listening.notes = notes


def _lasting(file: Path) -> Path | None:
    """The file, or the source of a compiled one; None for caches and for what the system makes up when it is read."""
    if file.parent.name == "__pycache__":
        return Path(source_from_cache(file)) if file.suffix == ".pyc" else None
    return file if file.is_file() and file.parts[1] not in PSEUDO else None
