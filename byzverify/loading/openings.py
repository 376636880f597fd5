"""The files that a model opens itself, such as one that it executes, and the folders that it lists: noticed by an audit
hook.

An audit hook stays for good, so there is one, which does nothing while no model is loaded or run. This module does not
know what a model is; it tells whoever asked. Python tells nobody when a program asks whether a file is there, or how
large it is.
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
"""File systems that contain no files but what the system says at the moment."""


class _Listening(local):
    """What this thread calls with a file that it opens."""

    def __init__(self) -> None:
        self.notes: list[Note] = []


_listening = _Listening()


LISTED = {"os.listdir", "os.scandir"}
"""What Python calls it when a folder is listed, as `glob`, `walk` and `iterdir` do, too."""


@contextmanager
def noted(note: Note) -> Iterator[None]:
    """Call `note` with each file that this thread opens in the block to be read, or tries to, and each folder that it
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
    """Whether a folder is listed since something is imported: what matters then is which file a name leads to."""
    return "importlib" in sys._getframe(2).f_code.co_filename


def _database(name: str) -> Path:
    """The file of a database that SQLite opens under a name, which may be an address."""
    return Path(unquote(name.removeprefix("file:").partition("?")[0]) if name.startswith("file:") else name)


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
    """The file or folder, there or not, or the source of a compiled one; None for caches and what the system says."""
    if file.parent.name == "__pycache__":
        return Path(source_from_cache(file)) if file.suffix == ".pyc" else None
    return file if file.name != "__pycache__" and file.parts[1:2] and file.parts[1] not in PSEUDO else None
