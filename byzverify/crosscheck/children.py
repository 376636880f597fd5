"""Work in a child process that may change nothing outside of itself: neither files nor other processes."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from byzverify.errors import ProtocolError, RuleBroken
from byzverify.workers.background import all_forked

OUTSIDE = (
    *("os.mkdir", "os.rmdir", "os.rename", "os.remove", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.utime"),
    *("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "subprocess.Popen"),
    *("os.chown", "os.setxattr", "os.removexattr", "socket.bind", "socket.connect", "socket.sendto"),
)
"""Python's names for events that other processes could notice. The list is a safeguard; it need not be complete."""

T = TypeVar("T")

Apart = Callable[[Iterable[Callable[[], T]]], Iterator[T]]
"""Does each work in some process, and yields the results in the same sequence."""


def here(works: Iterable[Callable[[], T]]) -> Iterator[T]:
    """Do all work in this process."""
    return (work() for work in works)


def in_this_one(function: Callable[..., T], *arguments: Any) -> T:
    """Call the function in this process, which must be a child that does nothing else afterwards."""
    return _inside(partial(function, *arguments))


def in_a_child(function: Callable[..., T], *arguments: Any) -> T:
    """Call the function in a child process that may change nothing outside of itself, and return its result."""
    (returned,) = in_children([partial(function, *arguments)])
    return returned


def in_children(works: Iterable[Callable[[], T]]) -> Iterator[T]:
    """Do each work in a child process of its own that may change nothing outside of itself."""
    return all_forked(partial(_inside, work) for work in works)


def _inside(work: Callable[[], T]) -> T:
    """Do work in this process, which was made for it, and refuse to write files or start processes."""
    sys.addaudithook(_refuse)
    logging.disable()  # logs carry nothing between generals, but a handler may open its file at the first line
    try:
        return work()
    except RuleBroken as error:  # raised outside of a general's program, such as in `__post_init__`
        raise ProtocolError(f"the model {error}") from None


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Called by Python before it does something outside of the process."""
    if event == "open":
        path, _, flags = arguments
        written = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if written and "__pycache__" not in str(path):
            raise RuleBroken(f"opens {path} for writing, where another general could find it")
    elif event == "sqlite3.connect" and not _changes_nothing(str(arguments[0])):
        raise RuleBroken(
            f"opens the database {arguments[0]}, where another general could find what it writes; "
            'open it to be read alone, sqlite3.connect("file:name?mode=ro", uri=True)'
        )
    elif event in OUTSIDE:
        raise RuleBroken(f"does something outside of its process ({event})")


def _changes_nothing(database: str) -> bool:
    """Whether a database of this name cannot be written, or is in memory alone."""
    read_only = any(part in database for part in ("mode=ro", "mode=memory", "immutable=1"))
    return database in ("", ":memory:") or (database.startswith("file:") and read_only)
