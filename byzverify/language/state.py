"""What functions can reach and change: the state that one execution could leave for another.

A general is a function of what he is given, and so are a condition and a tree's rule. Python does not enforce that: a
function can keep something in a list of its class, in a default argument, in a variable of its module, in an object
that it refers to. A `Snapshot` notes what is in all of these, so that a change is noticed; and it notices iterators,
which cannot be noted, since each look at one uses it up. It follows what functions refer to by name, through users'
functions, classes, objects and modules. It looks at nothing through the objects' own methods, so it can be taken while
orders and names are unknown. Of what it has noted, the constants can be compared with another process's.
"""

from __future__ import annotations

import itertools
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from dis import get_instructions
from functools import cache, cached_property, partial
from inspect import getattr_static
from pathlib import Path
from types import CellType, CodeType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any, cast

from byzverify.errors import RuleBroken

SEQUENCES = (list, tuple, deque)

_GONE_THROUGH: tuple[Any, ...] = ([], (), {}, set(), "", "é", b"", range(0), deque(), {}.values(), {}.items())

ITERATORS: tuple[type, ...] = (
    GeneratorType,
    *(type(iter(one)) for one in _GONE_THROUGH),
    *(type(reversed(one)) for one in _GONE_THROUGH[:3]),
    *(zip, map, filter, enumerate),
    *(kind for kind in vars(itertools).values() if isinstance(kind, type)),
)
"""What can be gone through once."""


CONSTANTS = (int, float, complex, bool, str, bytes)
"""What is the same in every process that loads the same text, unless it comes from chance, a clock or the system."""

SET_MAKERS = {"set", "frozenset", "hash"}

INSTALLED = ("site-packages", "dist-packages")
"""The folders that packages are installed into."""

WRAPPERS = (property, classmethod, staticmethod, cached_property, type(cache(len)))
"""What has a function in it. What a cached function has found before is no state: it would find the same again."""


@dataclass(frozen=True)
class _Noted:
    """What was in something that can change. name: how the author gets at it."""

    name: str
    thing: object
    parts: list[tuple[str, object]]

    def changed(self) -> str | None:
        """The name of what has changed in it; None if nothing has."""
        now = _parts(self.name, self.thing) or []
        if len(now) != len(self.parts):
            return self.name
        differing = (name for (name, one), (_, other) in zip(self.parts, now, strict=True) if one is not other)
        found = next(differing, None)
        return found if found is None or type(self.thing) is FunctionType else self.name


class Snapshot:
    """What is in everything that these can reach, now. roots: functions, classes or values, by name.

    hashes: whether there is a set among it, or a function that makes one or asks for hashes. names: what its functions
    refer to, attributes included.
    Raises RuleBroken where an iterator is among it.
    """

    def __init__(self, roots: Mapping[str, object]) -> None:
        self._noted: dict[int, _Noted] = {}
        self._constants: set[str] = set()
        self.hashes = False
        self.names: set[str] = set()
        pending = list(roots.items())
        while pending:
            name, thing = pending.pop()
            self.hashes = self.hashes or _has_hashes(thing)
            self.names.update(_names(thing.__code__) if type(thing) is FunctionType else ())
            if type(thing) in CONSTANTS:
                self._constants.add(f"{name} is {thing!r}")
            elif id(thing) not in self._noted and (parts := _parts(name, thing)) is not None:
                self._noted[id(thing)] = _Noted(name, thing, parts)
                pending += parts

    @classmethod
    def of_condition(cls, functions: Mapping[str, object], protocol: type) -> Snapshot:
        """What a condition's functions can reach, through attributes of the protocol's class that they name, too."""
        reached = cls(functions)
        named = {name: getattr_static(protocol, name) for name in reached.names & set(dir(protocol))}
        return reached if named.keys() <= functions.keys() else cls.of_condition({**functions, **named}, protocol)

    @property
    def constants(self) -> list[str]:
        """The numbers and texts among it, each with a name, in words that mean the same in every process."""
        return sorted(self._constants)

    def demand_unchanged(self) -> None:
        """Raise RuleBroken where something is in it now that was not, or the other way round."""
        for noted in self._noted.values():
            if (name := noted.changed()) is not None:
                raise RuleBroken(
                    f"keeps something in {name}, which is there still when the program runs again; "
                    "compute it in `general`, or once for all at the top of the file"
                )


def _parts(name: str, thing: object) -> list[tuple[str, object]] | None:
    """What something holds or refers to, with names; None for what cannot change and holds nothing."""
    kind = type(thing)
    if issubclass(kind, ITERATORS):
        raise RuleBroken(f"refers to {name}, an iterator, which is used up when it is gone through; make it a tuple")
    if issubclass(kind, dict):
        items = dict.items(cast("dict[Any, Any]", thing))
        return [part for key, value in items for part in ((f"a key of {name}", key), (f"{name}[...]", value))]
    if issubclass(kind, SEQUENCES):
        return [(f"{name}[{place}]", part) for place, part in enumerate(_listed(thing))]
    if issubclass(kind, set | frozenset):
        members: Iterator[object] = (set if issubclass(kind, set) else frozenset).__iter__(thing)  # type: ignore[arg-type]
        return sorted(((f"a member of {name}", part) for part in members), key=lambda part: id(part[1]))
    if kind is FunctionType:
        return list(_of_function(name, cast(FunctionType, thing)))
    if kind is MethodType:
        method = cast(MethodType, thing)
        return [(name, method.__func__), (name, method.__self__)]
    if kind is partial:
        held = cast("partial[Any]", thing)
        return [(name, held.func), (f"{name}.args", held.args), (f"{name}.keywords", held.keywords)]
    if issubclass(kind, WRAPPERS):
        inner = (getattr(thing, one, None) for one in ("fget", "__func__", "func", "__wrapped__"))
        return [(name, part) for part in inner if part is not None]
    if isinstance(thing, type):
        return _of_class(name, thing) if _is_users(thing.__module__) else None
    return _of_object(name, thing) if _is_users(kind.__module__) else None


def _listed(thing: object) -> Iterable[object]:
    return next(kind.__iter__(thing) for kind in SEQUENCES if isinstance(thing, kind))  # type: ignore[arg-type]


def _of_function(name: str, function: FunctionType) -> Iterator[tuple[str, object]]:
    """The defaults, the variables of functions around it, and what of its module it refers to."""
    for place, default in enumerate(function.__defaults__ or ()):
        yield f"a default of {function.__name__} (number {place + 1})", default
    for key, default in (function.__kwdefaults__ or {}).items():
        yield f"the default of {key} in {function.__name__}", default
    for variable, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        yield variable, _content(cell)
    yield from ((f"{function.__name__}.{key}", value) for key, value in vars(function).items())
    if _is_users(function.__module__):
        yield from _referred_to(function.__globals__, set(_names(function.__code__)))


def _referred_to(module: Mapping[str, object], names: Set[str]) -> Iterator[tuple[str, object]]:
    """What these names stand for in a module, and in users' modules that are among it."""
    for name in sorted(names & module.keys()):
        found = module[name]
        yield name, found
        if isinstance(found, ModuleType) and _is_users(found.__name__):
            yield from ((f"{name}.{inner}", one) for inner, one in _referred_to(vars(found), names - {name}))


def _has_hashes(thing: object) -> bool:
    if type(thing) is not FunctionType:
        return isinstance(thing, set | frozenset)
    return _is_users(thing.__module__) and _makes_sets(thing.__code__)


def _makes_sets(code: CodeType) -> bool:
    """Whether a function makes a set or asks for a hash, itself or in one of the functions in it."""
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    shown = any(isinstance(one, frozenset) for one in code.co_consts)
    builds = any(one.opname in ("BUILD_SET", "SET_ADD", "SET_UPDATE") for one in get_instructions(code))
    return shown or builds or not SET_MAKERS.isdisjoint(code.co_names) or any(map(_makes_sets, inner))


def _names(code: CodeType) -> Iterator[str]:
    """The names that a function refers to, the functions in it included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _content(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # a variable that has no value yet
        return None


def _of_class(name: str, kind: type) -> list[tuple[str, object]]:
    """The attributes that a class has itself and that its users' bases have."""
    bases = [base for base in kind.__mro__ if _is_users(base.__module__)]
    return [
        (f"{base.__name__}.{key}", value)
        for base in bases
        for key, value in list(vars(base).items())
        if not key.startswith("__") and not key.startswith("_abc_")
    ]


def _of_object(name: str, thing: object) -> list[tuple[str, object]] | None:
    """The attributes of an object of a user's class, and the class."""
    try:
        held = object.__getattribute__(thing, "__dict__")
    except AttributeError:
        held = {}
    slots = [one for base in type(thing).__mro__ for one in _slots(base) if one not in ("__dict__", "__weakref__")]
    computed = {key for base in type(thing).__mro__ for key, one in vars(base).items() if key in held and _is_once(one)}
    found = [(f"{name}.{key}", value) for key, value in list(held.items()) if key not in computed]
    for slot in slots:
        try:
            found.append((f"{name}.{slot}", object.__getattribute__(thing, slot)))
        except AttributeError:
            continue
    return [*found, (type(thing).__name__, type(thing))]


def _is_once(attribute: object) -> bool:
    """Whether what a class has under a name is computed once for each object and kept in it."""
    return isinstance(attribute, cached_property) or hasattr(type(attribute), "computed_once")


def _slots(base: type) -> tuple[str, ...]:
    slots = vars(base).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _is_users(module: str | None) -> bool:
    """Whether a module is somebody's own: neither Python's nor this package's, but for its models."""
    name = module or "builtins"
    root = name.partition(".")[0]
    if root == "byzverify":
        return name.startswith("byzverify.models")
    return root not in sys.stdlib_module_names and not _is_installed(name)


@cache
def _is_installed(module: str) -> bool:
    """Whether a module is one of an installed package; one without a file, or that nobody finds, is not."""
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    return any(part in INSTALLED for part in Path(file).parts)
