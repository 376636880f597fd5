"""What crosses from one process to another, as bytes: a pickle that calls an author's class by its file.

The module of a user's file has another name in each process that has loaded it, and a class that a function has made is
in no module at all. So an author's class is looked for among the subclasses of its base: in this process and its forks
it is the same object, elsewhere the class of this name in the same file. This module knows classes. It does
not know which processes there are, nor what is sent.
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
"""What this process has in common with its forks, and with no other process."""


def dumps(thing: object) -> bytes:
    """What to send. Raises what pickling raises where it cannot be sent."""
    written = BytesIO()
    _Pickler(written).dump(thing)
    return written.getvalue()


def loads(sent: bytes) -> Any:
    """What was sent. Raises ProtocolError where it has to do with an author's class that this process has not."""
    return pickle.loads(sent)


class _Pickler(pickle.Pickler):
    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, type):
            return NotImplemented if _can_be_imported(thing) else (_found, _described(thing))
        if isinstance(thing, tuple):
            return _tuple, (type(thing), [*tuple.__iter__(thing)])
        return NotImplemented


def _tuple(kind: type[tuple[Any, ...]], parts: Iterable[Any]) -> tuple[Any, ...]:
    """A tuple of this class with these parts, whatever its class makes of arguments."""
    return tuple.__new__(kind, parts)


def _can_be_imported(kind: type) -> bool:
    """Whether every process finds the class by the name of its module: it is nobody's who writes models."""
    module = sys.modules.get(kind.__module__)
    if module is None or module.__name__ == "__main__" or "<locals>" in kind.__qualname__:
        return False
    file = getattr(module, "__file__", None)
    return file is None or not is_users(file)


def _described(kind: type) -> tuple[type, str, str, str | None, bytes, int]:
    """What `_found` finds the class by."""
    return kind.__base__ or object, _file_of(kind), kind.__qualname__, name_of(kind), FAMILY, id(kind)


def _file_of(kind: type) -> str:
    """The file that a class is in, or the name of its module if that is in none."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return str(Path(file).resolve()) if file else kind.__module__


def _found(base: type, file: str, qualname: str, name: str | None, family: bytes, number: int) -> type:
    """The class. name: what leads to it in its module. number: what it was in that family of processes."""
    subclasses: list[type] = type.__subclasses__(base)
    alike = [one for one in subclasses if (_file_of(one), one.__qualname__) == (file, qualname)]
    same = [one for one in alike if family == FAMILY and id(one) == number]
    found = same or [one for one in alike if name and name_of(one) == name]
    if not found:
        raise ProtocolError(
            f"another process cannot find the class {qualname} of {file}; define or import it at the top of the file"
        )
    return found[-1]
