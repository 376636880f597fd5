"""Notices, by an audit hook, the files that a model opens itself, such as one that it executes, and the folders that it
lists.

An audit hook cannot be removed, so there is only one, which does nothing while no model is loaded or run. This module
does not know what a model is; it reports to its caller. Python raises no audit event when a program checks whether a
file exists, or how large it is.
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
from urllib.parse import unquote

Note = Callable[[Path], None]

PSEUDO = {"proc", "sys", "dev"}
"""File systems whose files only show the current state of the system."""


class _Listening(local):
    """The functions to call when this thread opens a file."""

    def __init__(self) -> None:
        self.notes: list[Note] = []


_listening = _Listening()


LISTED = {"os.listdir", "os.scandir"}
"""The audit events for listing a folder, which `glob`, `walk` and `iterdir` raise, too."""


@contextmanager
def noted(note: Note) -> Iterator[None]:
    """In the block, call `note` with each file that this thread opens for reading, or tries to, and each folder that it
    lists.
    """
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
    if not _listening.notes:
        return
    if event == "open":
        if isinstance(arguments[0], str | bytes) and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
            _tell(Path(os.fsdecode(arguments[0])))
    elif event in LISTED:
        if not isinstance(arguments[0], int) and not _is_searched_for_modules():
            _tell(Path(os.fsdecode(arguments[0] or ".")))
    elif event == "sqlite3.connect":
        _tell(_database(os.fsdecode(arguments[0])))


def _is_searched_for_modules() -> bool:
    """Whether a folder is listed because of an import, in which case only the file that a name leads to matters."""
    return "importlib" in sys._getframe(2).f_code.co_filename


def _database(name: str) -> Path:
    """The file of a database that SQLite opens under a name, which may be a URI."""
    return Path(unquote(name.removeprefix("file:").partition("?")[0]) if name.startswith("file:") else name)


def _tell(file: Path) -> None:
    notes = _listening.notes
    _listening.notes = []  # files opened while noting are not noted
    try:
        with suppress(OSError, ValueError):  # a file that does not exist, or cannot exist
            if (lasting := _lasting(file.resolve())) is not None:
                for note in notes:
                    note(lasting)
    finally:
        _listening.notes = notes


def _lasting(file: Path) -> Path | None:
    """The file or folder, even if missing; for a .pyc file, its source. None for caches and for system files."""
    if file.parent.name == "__pycache__":
        return Path(source_from_cache(file)) if file.suffix == ".pyc" else None
    return file if file.name != "__pycache__" and file.parts[1:2] and file.parts[1] not in PSEUDO else None
