"""Pickles for other processes, which refer to an author's class by its file.

The module of a user's file has another name in each process that has loaded it, and a class that was made in a function
is in no module. So an author's class is searched among the subclasses of its base: in this process and its forks it is
the same object, elsewhere the class with this name from the same file. This module knows classes. It does not know
which processes there are, or what is sent.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from byzverify.errors import ProtocolError
from byzverify.loading.origins import is_users, name_of

FAMILY = os.urandom(16)
"""An identifier that this process shares with its forks, and with no other process."""


def dumps(thing: object) -> bytes:
    """The pickle of a thing. Raises what pickling raises if it cannot be pickled."""
    written = BytesIO()
    _Pickler(written).dump(thing)
    return written.getvalue()


def loads(sent: bytes) -> Any:
    """The unpickled thing. Raises ProtocolError if it needs an author's class that this process does not have."""
    return pickle.loads(sent)


class _Pickler(pickle.Pickler):
    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, type):
            return NotImplemented if _can_be_imported(thing) else (_found, _described(thing))
        if isinstance(thing, tuple):
            return _tuple, (type(thing), [*tuple.__iter__(thing)])
        return NotImplemented


def _tuple(kind: type[tuple[Any, ...]], parts: Iterable[Any]) -> tuple[Any, ...]:
    """A tuple of this class with these parts, made without calling its class."""
    return tuple.__new__(kind, parts)


def _can_be_imported(kind: type) -> bool:
    """Whether every process can import the class by its module: it does not belong to an author of models."""
    module = sys.modules.get(kind.__module__)
    if module is None or module.__name__ == "__main__" or "<locals>" in kind.__qualname__:
        return False
    file = getattr(module, "__file__", None)
    return file is None or not is_users(file)


def _described(kind: type) -> tuple[type, str, str, str | None, bytes, int]:
    """The arguments with which `_found` finds the class."""
    return kind.__base__ or object, _file_of(kind), kind.__qualname__, name_of(kind), FAMILY, id(kind)


def _file_of(kind: type) -> str:
    """The file of a class, or the name of its module if that has no file."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return str(Path(file).resolve()) if file else kind.__module__


def _found(base: type, file: str, qualname: str, name: str | None, family: bytes, number: int) -> type:
    """Find a class again. name: its name in its module. family, number: its process family, and its id there."""
    subclasses: list[type] = type.__subclasses__(base)
    alike = [one for one in subclasses if (_file_of(one), one.__qualname__) == (file, qualname)]
    same = [one for one in alike if family == FAMILY and id(one) == number]
    found = same or [one for one in alike if name and name_of(one) == name]
    if not found:
        raise ProtocolError(
            f"another process cannot find the class {qualname} of {file}; define or import it at the top of the file"
        )
    return found[-1]
