"""What something holds or refers to: the parts through which a function reaches what it could change.

It follows what functions refer to by name, and the contents of all kinds of objects: users' functions, classes, objects
and modules, and objects of Python's own types and of other packages. It stops at the modules and classes of other
packages and at loggers, and reports which of them there are. It never looks at an object through the object's own
methods, so it also works while orders and names are symbolic. It does not know what the parts are used for.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cache, cached_property, partial
from io import IOBase
from itertools import accumulate
from logging import LoggerAdapter
from pathlib import Path
from types import (
    BuiltinFunctionType,
    BuiltinMethodType,
    CellType,
    CodeType,
    FunctionType,
    MappingProxyType,
    MethodType,
    MethodWrapperType,
    ModuleType,
)
from typing import Any, cast
from weakref import ref

from byzverify.errors import RuleBroken
from byzverify.language.holding import (
    BUFFERS,
    PLAIN,
    Held,
    attributes_of,
    is_a,
    is_made,
    is_value,
    of_container,
    of_contents,
    plain_part,
    slots_of,
)
from byzverify.language.mentions import Mentions, mentions
from byzverify.language.shared import GROWING

STREAMS = ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__")
"""The standard streams in `sys`: what they have read and printed is not state."""

PROCESSES = ("multiprocessing", "_multiprocessing", "_posixshmem")
"""The packages whose objects, and their contents, are shared by several processes."""

CHANNELS = ("socket", "mmap")
"""The packages whose objects reach beyond the process once they exist. Their functions alone do not."""

SHARING = ("mkfifo", "mknod", "memfd_create")
"""The functions that leave something outside the process, and for which Python raises no audit event."""

CONSTANTS = PLAIN
"""The types of values that all processes get from the same text, unless chance, a clock or the system sets them."""

CACHED = type(cache(len))
"""The type of a function that is decorated with `functools.cache`."""

WRAPPERS = (property, classmethod, staticmethod, cached_property, CACHED)
"""The types that wrap a function. `kept.py` compares the results that they store with what they would compute now."""

INSTALLED = ("site-packages", "dist-packages")
"""The folders that packages are installed into."""

NOT_FOLLOWED = ("byzverify", "z3", "logging")
"""The packages whose objects are not followed: their state does not belong to any program."""

OF_A_MODULE = (
    *("__name__", "__file__", "__doc__", "__package__", "__path__", "__spec__", "__loader__", "__cached__"),
    *("__builtins__", "__annotations__", "__warningregistry__"),
)
"""The names that Python itself puts into each module: they depend on how it is loaded, and on past warnings."""

ENVIRONMENT = {"environ", "environb", "getenv"}
"""The names by which functions get at the environment through `os`."""

SHOWN = "repr_running"
"""The name under which `dataclasses` and `reprlib` store the objects whose `repr` is being computed."""


class Namespace:
    """All variables of a module, for code that can access them without naming them."""

    def __init__(self, variables: Mapping[str, object]) -> None:
        self.variables = variables


class Reach:
    """What can be reached from some roots: functions, classes or values, and tuples of these.

    The packages of a root, its class and their base classes are taken to be the author's, even if they are installed.
    """

    def __init__(self, roots: Iterable[object]) -> None:
        self._own = {_package(module) for root in roots for module in _modules(root)} - {"byzverify"}
        self._namespaces: dict[int, Namespace] = {}

    def parts(self, name: str, thing: object) -> list[Held] | None:
        """What something holds or refers to, with names; None for things that cannot change and hold nothing.

        Raises RuleBroken for an iterator.
        """
        kind = type(thing)
        if kind in CONSTANTS or thing is None or kind is CodeType or any(thing is getattr(sys, one) for one in STREAMS):
            return None
        if is_a(thing, ModuleType):
            return self._variables(vars(thing), f"{name}.") if self.is_users(thing.__name__) else None
        if kind is Namespace:
            return self._variables(cast(Namespace, thing).variables)
        if self._is_iterator(thing):
            what = "an open file" if is_a(thing, IOBase) else "an iterator"
            raise RuleBroken(f"refers to {name}, {what}, which can be iterated over only once; make it a tuple")
        if is_a(thing, type):
            return self._of_class(name, thing) if self.is_users(thing.__module__) else None
        if kind is FunctionType:
            return list(self._of_function(name, cast(FunctionType, thing)))
        contained = of_container(name, thing)
        if contained is not None:
            plain = kind.__module__ in ("builtins", "collections")
            return contained if plain else [*contained, *(self._of_object(name, thing) or [])]
        if kind is MethodType:
            method = cast(MethodType, thing)
            return [(name, method.__func__), (name, method.__self__)]
        if is_a(thing, (BuiltinMethodType, MethodWrapperType)):
            return [(name, thing.__self__)]
        if issubclass(kind, partial):
            held = cast("partial[Any]", thing)
            given = [(name, held.func), (f"{name}.args", held.args), (f"{name}.keywords", held.keywords)]
            return [*given, *attributes_of(name, thing)]
        if issubclass(kind, ref):
            return [(name, ref.__call__(cast("ref[Any]", thing)))]
        if kind is MappingProxyType:
            return [(f"{name}[...]", held) for held in gc.get_referents(thing)]
        if issubclass(kind, WRAPPERS):
            inner = (getattr(thing, one, None) for one in ("fget", "__func__", "func", "__wrapped__"))
            return [(name, part) for part in inner if part is not None]
        return self._of_object(name, thing)

    def is_users(self, module: str | None) -> bool:
        """Whether a module is a user's own: neither Python's nor byzverify's, except for the models."""
        name = module or "builtins"
        root = _package(name)
        if root == "byzverify":
            return name.startswith("byzverify.models")
        return root not in sys.stdlib_module_names and (root in self._own or not _is_installed(name))

    def demand_own(self, name: str, thing: object) -> None:
        """Raise RuleBroken for something that several processes share."""
        package = _package(_home(thing))
        made = not is_a(thing, (type, ModuleType, FunctionType, BuiltinFunctionType)) and package in CHANNELS
        named = is_a(thing, BuiltinFunctionType) and thing.__name__ in SHARING
        if made or named or package in PROCESSES:
            raise RuleBroken(
                f"refers to {name}, which other processes share; a program must not keep anything outside of itself"
            )

    def is_foreign(self, thing: object) -> bool:
        """Whether a module, or the module of a class or object, is neither a user's nor Python's nor byzverify's."""
        root = _package(_home(thing))
        ours = root in NOT_FOLLOWED or root in sys.stdlib_module_names
        return not ours and not self.is_users(_home(thing))

    def is_others(self, module: str) -> bool:
        """Whether a module belongs neither to a user nor to byzverify."""
        return _package(module) not in NOT_FOLLOWED and not self.is_users(module)

    def _of_function(self, name: str, function: FunctionType) -> Iterator[Held]:
        """A function's defaults, the variables of enclosing functions, and what it refers to in its module."""
        for place, default in enumerate(function.__defaults__ or ()):
            yield f"a default of {function.__name__} (number {place + 1})", default
        for key, default in (function.__kwdefaults__ or {}).items():
            yield f"the default of {key} in {function.__name__}", default
        dispatches = function.__globals__.get("__name__") == "functools"  # singledispatch: it caches what it has found
        for variable, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            if not dispatches and variable != SHOWN:
                yield variable, _content(cell)
        for key, value in vars(function).items():
            if not (dispatches and key == "_clear_cache"):
                yield f"{function.__name__}.{key}", value
        if self.is_users(function.__module__):
            yield f"the text of {function.__name__}", function.__doc__
            yield f"the code of {function.__name__}", function.__code__
            yield from self._named(function)

    def _named(self, function: FunctionType) -> Iterator[Held]:
        """The values of the names in a function: variables of its module, and modules that it imports itself."""
        mentioned = mentions(function.__code__)
        for variables in _variables_of(function, mentioned):
            yield from self._referred_to(variables, mentioned.names | variables.keys())
        if mentioned.anything:
            yield "globals()", self._namespaces.setdefault(id(function.__globals__), Namespace(function.__globals__))

    def _referred_to(
        self, module: Mapping[str, object], names: Set[str], within: tuple[object, ...] = ()
    ) -> Iterator[Held]:
        """The values of these names in a module, and in users' modules that it refers to. within: the modules through
        which it was found.
        """
        for name in sorted((names & module.keys()).difference(OF_A_MODULE)):
            found = module[name]
            yield name, found
            if found is os and names & ENVIRONMENT:
                yield "os.environ", os.environ
            users = is_a(found, ModuleType) and self.is_users(found.__name__)
            if users and not any(found is one for one in within):
                inner = self._referred_to(vars(found), names, (*within, found))
                yield from ((f"{name}.{one}", value) for one, value in inner)

    def others(self, name: str, thing: object) -> Iterator[Held]:
        """Modules and objects of other packages that something is or refers to, where `parts` stops; also classes."""
        if is_a(thing, type):
            yield from ((base.__name__, base) for base in thing.__mro__)
        elif is_a(thing, ModuleType):
            if not self.is_users(thing.__name__):
                yield name, thing
        elif type(thing) is FunctionType and self.is_users(thing.__module__):
            mentioned = mentions(thing.__code__)
            for variables in _variables_of(thing, mentioned):
                yield from self._others_in(variables, mentioned.names | variables.keys())
        elif _package(type(thing).__module__) in NOT_FOLLOWED or self.is_foreign(thing):
            yield name, thing

    def _others_in(self, module: Mapping[str, object], names: Set[str]) -> Iterator[Held]:
        """The values of these names in modules of other packages that a module's variables refer to."""
        for name in names & module.keys():
            found = module[name]
            if is_a(found, ModuleType) and not self.is_users(found.__name__):
                there = vars(found)
                yield name, found
                yield from ((f"{name}.{one}", there[one]) for one in names & there.keys() if one not in GROWING)
                yield from ((f"{name}.{one}", value) for one, value in self._others_in(there, names - {name}))

    def _variables(self, held: Mapping[str, object], within: str = "") -> list[Held]:
        """All variables of a module except iterators, which may be unused."""
        found = [(key, value) for key, value in list(held.items()) if key not in OF_A_MODULE]
        return [(f"{within}{key}", value) for key, value in found if not self._is_iterator(value)]

    def _is_iterator(self, thing: object) -> bool:
        """Whether something can be iterated over only once. Not so: users' classes, buffers, files not open to read."""
        kind = type(thing)
        if not hasattr(kind, "__next__") or is_a(thing, BUFFERS):
            return False
        if is_a(thing, IOBase) and (thing.closed or not thing.readable()):
            return False
        source = next((base for base in kind.__mro__ if "__next__" in vars(base)), None)
        return source is not None and not self.is_users(source.__module__)

    def _of_class(self, name: str, kind: type) -> list[Held]:
        """The attributes of a class and of its bases, as far as these are users' own; for an enum, the members too."""
        bases = [base for base in kind.__mro__ if self.is_users(base.__module__)]
        return [
            (f"{base.__name__}.{key}", value)
            for base in bases
            for key, value in list(vars(base).items())
            if not is_made(base, key, value)
        ]

    def _of_object(self, name: str, thing: object) -> list[Held] | None:
        """The contents of an object that is no container; also its class, if that is a user's."""
        kind = type(thing)
        users = self.is_users(kind.__module__)
        if is_a(thing, LoggerAdapter) and not users:
            return [(f"{name}.extra", thing.extra)]
        if not users and _package(kind.__module__) in NOT_FOLLOWED:
            return None
        inside = of_contents(name, thing)
        if users:
            return [*inside, *plain_part(name, thing), *attributes_of(name, thing), (kind.__name__, kind)]
        if inside or is_value(kind):
            return inside or None
        if not (attributes := attributes_of(name, thing)) and not slots_of(kind):
            attributes = [(f"what {name} holds", one) for one in gc.get_referents(thing)]
        return [(key, one) for key, one in attributes if not key.endswith("__")] or None


def _variables_of(function: FunctionType, mentioned: Mentions) -> Iterator[Mapping[str, object]]:
    """The variables of its module that a function refers to, and the loaded modules that its import statements may
    mean, looked up in each package around it.
    """
    module = function.__globals__
    yield {name: module[name] for name in mentioned.variables & module.keys()}
    others = {way for name in mentioned.names for way in accumulate(name.split("."), "{}.{}".format)}
    parts = (function.__module__ or "").split(".")
    for length in range(len(parts), -1, -1):
        found = {name: sys.modules.get(".".join([*parts[:length], name])) for name in others}
        yield {name: module for name, module in found.items() if module is not None}


def _content(cell: CellType) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # a variable without a value so far
        return None


def _modules(root: object) -> Iterator[str]:
    """The modules of a root and of the classes in its hierarchy."""
    if is_a(root, tuple):
        for one in root:
            yield from _modules(one)
        return
    if is_a(root, partial):
        root = root.func
    kinds = root.__mro__ if is_a(root, type) else type(root).__mro__
    yield from (kind.__module__ for kind in kinds)
    if is_a(root, (FunctionType, MethodType)):
        yield root.__module__ or "builtins"


def _home(thing: object) -> str:
    """The name of a module; for a class, a function or an object's class, the name of the module that it states."""
    if is_a(thing, ModuleType):
        return str(thing.__name__)
    kind: Any = thing if is_a(thing, (type, FunctionType, BuiltinFunctionType)) else type(thing)
    return str(kind.__module__ or "builtins")


def _package(module: str) -> str:
    return module.partition(".")[0]


@cache
def _is_installed(module: str) -> bool:
    """Whether a module belongs to an installed package. One without a file, or that is not loaded, does not."""
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    return any(part in INSTALLED for part in Path(file).parts)
