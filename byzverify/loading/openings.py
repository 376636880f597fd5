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
from typing import Any

Note = Callable[[Path], None]

_listening: list[Note] = []


@contextmanager
def noted(note: Note) -> Iterator[None]:
    """Call `note` with each file that is opened in the block to be read."""
    _install()
    _listening.append(note)
    try:
        yield
    finally:
        _listening.remove(note)


@cache
def _install() -> None:
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or not _listening or not isinstance(arguments[0], str | bytes):
        return
    if arguments[2] & (os.O_WRONLY | os.O_RDWR):
        return
    notes = _listening.copy()
    _listening.clear()  # what is opened to note it is not noted
    try:
        with suppress(OSError, ValueError):  # a file that is not there, or cannot be
            for note in notes:
                note(_source(Path(os.fsdecode(arguments[0]))))
    finally:
        _listening[:] = notes


def _source(file: Path) -> Path:
    """The source of a compiled file; any other file itself."""
    return Path(source_from_cache(file)) if file.suffix == ".pyc" and file.parent.name == "__pycache__" else file
