"""State that a program shares with everything else in its process, and could change: other packages' modules, classes
and loggers, and the interpreter's settings.

Packages and loggers change their own state for reasons of their own. So this module records only what the author's code
may have changed: attributes with names that it sets, lists and dictionaries that it names, and the settings of the
modules that it uses. Nothing here knows how a program is executed.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Set
from threading import current_thread
from typing import Any

from byzverify.language.holding import SEQUENCES, SETS, Held, is_a

MISSING = object()
"""The value recorded for an attribute that does not exist."""

CONTAINERS = (dict, *SEQUENCES, *SETS)

GROWING = ("modules", "path_importer_cache")
"""The containers in `sys` that grow with every import."""


def _decimal() -> object:
    """The whole context except its flags, which calculations set."""
    from decimal import getcontext

    now = getcontext()
    return (now.prec, now.rounding, now.Emin, now.Emax, now.capitals, now.clamp, dict(now.traps))


def _locale() -> object:
    from locale import LC_ALL, setlocale

    return setlocale(LC_ALL)


def _random() -> object:
    from random import getstate

    return getstate()


def _interpreter() -> object:
    return (sys.getrecursionlimit(), sys.get_int_max_str_digits(), sys.getswitchinterval())


def _watchers() -> object:
    return sys.getprofile(), sys.gettrace()


def _collector() -> object:
    return gc.get_threshold(), gc.get_debug()


def _dialects() -> object:
    from csv import field_size_limit, list_dialects

    return list_dialects(), field_size_limit()


def _sockets() -> object:
    from socket import getdefaulttimeout

    return getdefaulttimeout()


def _tracing() -> object:
    from tracemalloc import get_traceback_limit, is_tracing

    return is_tracing(), get_traceback_limit()


def _time_zone() -> object:
    return time.tzname, time.timezone


def _mask() -> object:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _handlers() -> object:
    """The handlers of all signals except SIGINT and SIGTERM, by which somebody ends this process."""
    ours = (signal.SIGINT, signal.SIGTERM)
    return [signal.getsignal(one) for one in sorted(signal.valid_signals()) if one not in ours]


def _thread() -> object:
    return dict(vars(current_thread()))


def _filters() -> object:
    from warnings import filters

    return [tuple(one) for one in filters]


def _folder() -> object:
    try:
        return os.getcwd()
    except OSError:  # the folder has been removed
        return None


RANDOM = "the shared random numbers"

SETTINGS: tuple[tuple[str, Set[str], Callable[[], object]], ...] = (
    ("the decimal context", {"decimal", "_decimal"}, _decimal),
    ("the locale", {"locale"}, _locale),
    (RANDOM, {"random"}, _random),
    ("a setting of `sys`", {"sys", "setrecursionlimit", "set_int_max_str_digits", "setswitchinterval"}, _interpreter),
    ("a function that watches all code", {"setprofile", "settrace"}, _watchers),
    ("a setting of `gc`", {"set_threshold", "set_debug"}, _collector),
    ("a setting of `csv`", {"register_dialect", "unregister_dialect", "field_size_limit"}, _dialects),
    ("a setting of `socket`", {"setdefaulttimeout"}, _sockets),
    ("a setting of `tracemalloc`", {"tracemalloc"}, _tracing),
    ("the time zone", {"tzset"}, _time_zone),
    ("the umask", {"umask"}, _mask),
    ("a signal handler", {"signal"}, _handlers),
    ("the current thread", {"current_thread", "currentThread", "main_thread"}, _thread),
    ("the filters of warnings", {"filterwarnings", "simplefilter", "resetwarnings", "filters"}, _filters),
    ("the working folder", {"chdir", "fchdir"}, _folder),
)
"""The interpreter's settings: the name of each, the names by which code gets at it, and a function that reads it."""


class Surroundings:
    """The shared state now. things: modules, classes and objects of other packages that code refers to, by name.

    names: the names in the code. written: the attributes that it may set.
    """

    def __init__(self, things: Collection[Held], names: Set[str], written: Set[str]) -> None:
        self._written = sorted(written)
        self._things = [one for one in things if written and not is_a(one[1], CONTAINERS)]
        self._attributes = [list(_attributes(thing, self._written)) for _, thing in self._things]
        self._contained = [(name, one, _members(one)) for name, one in things if is_a(one, CONTAINERS)]
        self._settings = [(name, read, read()) for name, words, read in SETTINGS if not words.isdisjoint(names)]
        self._loggers = _loggers() if "logging" in names else []

    def changed(self) -> str | None:
        """The error message for the first change since this object was created; None if nothing has changed."""
        return next(self._changes(), None)

    def _changes(self) -> Iterator[str]:
        for (name, thing), before in zip(self._things, self._attributes, strict=True):
            if not _identical(list(_attributes(thing, self._written)), before):
                yield left(f"an attribute of {name}")
        yield from (left(name) for name, one, members in self._contained if not _identical(_members(one), members))
        yield from (altered(name) for name, read, before in self._settings if read() != before)
        for logger, *before in self._loggers:
            if not _identical(_logger(logger), before):
                yield altered(f"the logger {logger.name}")


def _attributes(thing: object, names: Iterable[str]) -> Iterator[object]:
    """A thing's own attributes with these names."""
    try:
        held = vars(thing) if is_a(thing, type) else object.__getattribute__(thing, "__dict__")
    except AttributeError:
        held = {}
    yield from (held.get(name, MISSING) for name in names)


def _members(container: Any) -> list[object]:
    if is_a(container, dict):
        return [one for pair in list(dict.items(container)) for one in pair]
    return list(container)


def _identical(some: list[object], others: list[object]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))


def _loggers() -> list[list[Any]]:
    """All loggers with their state, except the root logger, to which `logging` itself adds a handler when needed."""
    from logging import Logger, root

    there = [one for one in list(root.manager.loggerDict.values()) if is_a(one, Logger)]
    return [[one, *_logger(one)] for one in there]


def _logger(logger: Any) -> list[object]:
    return [logger.level, logger.disabled, logger.propagate, *logger.handlers, MISSING, *logger.filters]


def left(name: str) -> str:
    """The error message for a program that stores something in the thing with this name."""
    kept = f"keeps something in {name}, which is still there when the program runs again"
    return f"{kept}; keep it in a variable of `general`"


def altered(name: str) -> str:
    """The error message for a program that changes something shared."""
    instead = "a program must not change it"
    if name == RANDOM:
        instead = "a general must not use random numbers: make the drawn value a parameter"
    return f"changes {name}, and the change is still there when the program runs again; {instead}"
