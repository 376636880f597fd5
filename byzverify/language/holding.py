"""The contents of a thing: the members of a container, the attributes of an object, the contents of a buffer.

This module does not ask who owns a thing, and does not follow what functions refer to. It never looks at a thing
through the thing's own methods.
"""

from __future__ import annotations

import io
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from enum import Enum, EnumMeta
from functools import cached_property
from random import Random
from threading import Lock, RLock
from types import FunctionType
from typing import Any, TypeGuard, cast

from byzverify.language.values import Order

PLAIN = (int, float, complex, bool, str, bytes)
"""The types of numbers and texts."""

DEEP = 3
"""How many levels of contents the description of a key includes."""

SEQUENCES = (list, tuple, deque)
SETS = (set, frozenset)
BUFFERS = (io.StringIO, io.BytesIO)
LOCKS = (type(Lock()), type(RLock()))

HASHES = ("_hashlib", "_blake2", "_sha3", "_md5", "_sha1", "_sha2", "_sha256", "_sha512")
"""The modules whose objects compute hashes of the data given to them, for `hashlib` and `hmac`."""

OF_A_CLASS = (
    *("__module__", "__qualname__", "__dict__", "__weakref__", "__slots__", "__annotations__", "__abstractmethods__"),
    *("__annotations_cache__", "__annotate__", "__annotate_func__", "__static_attributes__", "__firstlineno__"),
    *("__dataclass_fields__", "__dataclass_params__", "__match_args__", "__orig_bases__", "__parameters__"),
    *("__type_params__", "__classcell__", "__classdictcell__", "__slotnames__"),
    *("__protocol_attrs__", "__non_callable_proto_members__", "__callable_proto_members_only__"),
)
"""The names that Python itself and `dataclasses` put into classes, some of them when an object is first copied."""

OF_A_MEMBER = ("_name_", "__objclass__", "_sort_order_", "_inverted_")
"""The names that Python itself puts into the members of an enum, some of them when flags are combined."""

GENERATED = ("<string>", "<attrs generated")
"""The beginnings of the file names in functions that `dataclasses`, `namedtuple` and `attrs` generate."""

Held = tuple[str, object]
"""Something that is held or referred to, with a name that an author understands."""


def is_a(thing: object, kind: Any) -> TypeGuard[Any]:
    """Like `isinstance`, but without asking the thing: a stand-in for a general does not reveal its type."""
    return issubclass(type(thing), kind)


class Contents(bytes):
    """The contents of something that holds numbers or texts and no objects, for comparison with its later contents."""


class OfTheProcess(Contents):
    """Contents that may well differ in another process."""


def is_value(kind: type) -> bool:
    """Whether objects of this type have a hash of their contents. Such contents should not change; but a user's class
    can define a hash and still hold a list.
    """
    return kind.__hash__ is not None and cast(object, kind.__hash__) is not object.__hash__


def computed_once(thing: object) -> dict[str, cached_property[Any]]:
    """The cached properties that an object has already computed, by name."""
    held = _held(thing)
    named = {key: one for base in reversed(type(thing).__mro__) for key, one in vars(base).items() if key in held}
    return {key: one for key, one in named.items() if is_a(one, cached_property)}


def of_container(name: str, thing: object) -> list[Held] | None:
    """The contents of a container of one of Python's common types; None for anything else."""
    if is_a(thing, dict):
        return [
            part
            for key, value in dict.items(thing)
            for part in ((f"a key of {name}", key), (f"{name}[{called(key)}]", value))
        ]
    if is_a(thing, SEQUENCES):
        return [(f"{name}[{place}]", part) for place, part in enumerate(_listed(thing))]
    if is_a(thing, SETS):
        members: Iterator[object] = (set if is_a(thing, set) else frozenset).__iter__(thing)
        return sorted(((f"{called(part)} in {name}", part) for part in members), key=lambda part: id(part[1]))
    return None


def called(key: object, deep: int = DEEP) -> str:
    """A description of a dictionary key or set member: its whole contents, or its type if it hashes by identity."""
    kind = type(key)
    if key is None or kind in PLAIN:
        return shown_plainly(key)
    if is_a(key, tuple):
        return f"({', '.join(called(one, deep) for one in tuple.__iter__(key))})"
    if is_a(key, frozenset):
        return f"{{{', '.join(sorted(called(one, deep) for one in frozenset.__iter__(key)))}}}"
    if is_a(key, Enum):
        return str(object.__getattribute__(key, "_name_"))
    if is_a(key, type):
        return str(type.__getattribute__(key, "__qualname__"))
    if kind is Order:
        return str(cast(Order, key).name)
    held = [*plain_part("", key), *attributes_of("", key)] if deep and is_value(kind) else []
    if not held and is_value(kind) and kind.__module__.partition(".")[0] in sys.stdlib_module_names:
        with suppress(ValueError):  # raised by a fraction of numbers that are too long to print
            return kind.__name__ if " at 0x" in (shown := repr(key)) else shown
    return f"{kind.__name__}({', '.join(f'{name} {called(part, deep - 1)}' for name, part in held)})"


def shown_plainly(thing: Any) -> str:
    """A number or text of any length. Large numbers in hexadecimal: Python prints no decimals over 4,300 digits."""
    return hex(thing) if type(thing) is int and thing.bit_length() > 10_000 else repr(thing)


def plain_part(name: str, thing: object) -> list[Held]:
    """The plain number or text in an object whose class is derived from one of these types."""
    base: Any = next((one for one in PLAIN if is_a(thing, one) and type(thing) is not one), None)
    return [] if base is None else [(name, base(*base.__getnewargs__(thing)))]


def _listed(thing: object) -> Iterable[object]:
    return next(kind.__iter__(thing) for kind in SEQUENCES if is_a(thing, kind))


def of_contents(name: str, thing: object) -> list[Held]:
    """The contents of something that keeps them neither in attributes nor as objects."""
    try:
        if is_a(thing, ContextVar):
            return [(name, thing.get(None))]
        if is_a(thing, BaseException):
            return [(f"{name}.args", BaseException.__getattribute__(thing, "args"))]
        if is_a(thing, Random):
            return [(name, Contents(repr(Random.getstate(thing)).encode()))]
        if is_a(thing, BUFFERS):
            return [(name, Contents(repr((thing.getvalue(), thing.tell())).encode()))]
        if is_a(thing, LOCKS):
            return [(name, OfTheProcess(repr(thing).encode()))]
        if type(thing).__module__ in HASHES:
            return [(name, Contents(_digest(thing)))]
        if thing is os.environ:
            return [(name, OfTheProcess(repr(sorted(os.environ.items())).encode()))]
        return [(name, Contents(memoryview(thing).tobytes()))]  # type: ignore[arg-type]
    except (TypeError, ValueError, BufferError, NotImplementedError):
        return []


def _digest(thing: Any) -> bytes:
    """The digest of a hash; 32 bytes if its length can be chosen."""
    return bytes(thing.digest(32) if thing.name.startswith("shake") else thing.digest())


def attributes_of(name: str, thing: object) -> list[Held]:
    """An object's own attributes, without those that are computed once and those that `enum` adds."""
    once = {key for base in type(thing).__mro__ for key, one in vars(base).items() if _is_once(one)}
    found = [(f"{name}.{key}", value) for key, value in list(_held(thing).items()) if key not in once]
    for slot in slots_of(type(thing)):
        try:
            found.append((f"{name}.{slot}", object.__getattribute__(thing, slot)))
        except AttributeError:
            continue
    if is_a(thing, Enum):
        return [(key, one) for key, one in found if key.removeprefix(f"{name}.") not in OF_A_MEMBER]
    return found


def _held(thing: object) -> dict[str, object]:
    try:
        held = object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return {}
    return held if is_a(held, dict) else {}


def _is_once(attribute: object) -> bool:
    """Whether this attribute of a class is computed once for each object and stored in the object."""
    return is_a(attribute, cached_property) or hasattr(type(attribute), "computed_once")


def slots_of(kind: type) -> list[str]:
    return [one for base in kind.__mro__ for one in _slots(base) if one not in ("__dict__", "__weakref__")]


def _slots(base: type) -> tuple[str, ...]:
    slots = vars(base).get("__slots__", ())
    return (slots,) if is_a(slots, str) else tuple(slots)


def is_made(kind: type, key: str, value: object) -> bool:
    """Whether Python or a package that generates classes has put this into a class, not the author."""
    if key in OF_A_CLASS:
        return True
    if is_a(kind, EnumMeta) and key.startswith("_"):
        return not (key.startswith("__") and is_a(value, (*SEQUENCES, *SETS, dict)))
    if is_a(value, FunctionType) and key.startswith("__"):
        return _written_out(value).__code__.co_filename.startswith(GENERATED)
    return key.startswith(("_abc_", "__pydantic_"))


def _written_out(function: FunctionType) -> FunctionType:
    """The function inside a wrapper, such as the one that `dataclasses` puts around `__repr__`."""
    return cast(FunctionType, getattr(function, "__wrapped__", function))
