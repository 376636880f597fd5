"""Holes: values that an author leaves open. Each is a parameter of the class, found in the code of its methods.

    enough = self.hole("enough", range(self.n))

The law of this file: to a program, a filled hole is a constant. So an instance with its holes filled is a protocol like
any other, in every execution and every file. Only programs ask for holes: what a protocol claims, and what must hold,
may not depend on what is sought. This module finds and reads holes. It must not know who fills them.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import Field, field, fields
from itertools import pairwise
from keyword import iskeyword
from types import CodeType, FunctionType
from typing import Any, ClassVar, Self

from byzverify.errors import Breaches, ProtocolError, UsageError

Filling = int | bool | str
"""What can fill a hole: the kinds of parameters, but for numbers that are not whole."""

Fillings = Mapping[str, Filling]
"""Values of holes, by name."""

HOLE = "hole"
"""The type of a hole in the annotations of a class, and the key of its field's metadata."""

MOST_CHOICES = 1000
"""The most choices for one hole."""

GENERATED = ("__init__", "__repr__", "__eq__", "__hash__")
"""The methods that a dataclass gets, which read every parameter."""

TRUTHS = {"true": True, "True": True, "false": False, "False": False}
"""How truths are written."""


def is_hole(parameter: Field[Any]) -> bool:
    """Whether a parameter is a hole."""
    return HOLE in parameter.metadata


def holes_of(kind: Any) -> list[str]:
    """The names of the holes of a protocol class, or of an instance."""
    return [one.name for one in fields(kind) if is_hole(one)]


def demand_no_holes(kind: Any) -> None:
    """Raise UsageError if a protocol has holes: then nothing is proved of it for all sizes."""
    if found := holes_of(kind):
        raise UsageError(
            f"{kind.__name__} has holes ({', '.join(found)}): `byzverify complete` with several sizes finds sums of "
            "sizes for them, and --save writes a protocol without holes, which can be proved"
        )


def demand_filling(name: str, value: object) -> None:
    """Raise UsageError for a value that no hole can have; None is no value."""
    if value is not None and type(value) not in (int, bool, str):
        raise UsageError(f"the hole {name} takes a whole number, True or False, or a text, not {value!r}")


def read(text: str) -> Filling:
    """The value that a text on the command line means: a whole number, a truth, or the text itself."""
    if text in TRUTHS:
        return TRUTHS[text]
    try:
        return int(text)
    except ValueError:
        return text


def declare(kind: type[Any], given: Iterable[str]) -> None:
    """Make the holes that the code of a class asks for parameters of it, unless a base has done so. Call it before the
    class becomes a dataclass. given: the names that a protocol has already. Raises ProtocolError for other bad names.
    """
    inherited = {name for base in kind.__mro__[1:] for name in getattr(base, "__dataclass_fields__", ())}
    taken = {*given, *inspect.get_annotations(kind)}
    names = dict.fromkeys(name for code in _codes(kind) for name in _asked_for(code))
    for name in names:
        if name in inherited and is_hole(next(one for one in fields(kind) if one.name == name)):
            continue
        if not name.isidentifier() or iskeyword(name) or name.startswith("_"):
            raise ProtocolError(f"{kind.__name__} calls a hole {name!r}; a hole is called like a parameter: enough")
        if name in taken or hasattr(kind, name):
            raise ProtocolError(f"{kind.__name__} calls a hole {name}, as something else is called: rename the hole")
        kind.__annotations__ = {**inspect.get_annotations(kind), name: HOLE}
        setattr(kind, name, field(default=None, metadata={HOLE: True}))
    for code in _codes(kind) if names else ():
        for name in _read_in(code, names):
            raise ProtocolError(f'{kind.__name__} reads self.{name}, which is a hole: write self.hole("{name}", ...)')


def _codes(kind: type[Any]) -> Iterator[CodeType]:
    """The code of the methods of a class and of its bases, but for byzverify's own."""
    for one in kind.__mro__[:-1]:
        if not one.__module__.startswith("byzverify.language."):
            for name, member in vars(one).items():
                for function in _functions(member) if name not in GENERATED else ():
                    yield from _within(function.__code__)


def _within(code: CodeType) -> Iterator[CodeType]:
    """A code, and the codes of the functions that are defined in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _within(constant)


def _functions(member: Any) -> Iterator[FunctionType]:
    """The functions behind a member of a class: a method, a property, or one of these under decorators."""
    within = [getattr(member, name, None) for name in ("fget", "func", "__func__")] + [member]
    for one in filter(callable, within):
        function = inspect.unwrap(one)
        if isinstance(function, FunctionType):
            yield function


def _asked_for(code: CodeType) -> Iterator[str]:
    """The names in `.hole("name", ...)`."""
    if "hole" in code.co_names:
        for one, following in pairwise(_steps(code)):
            asks = one.opname in LOADS and one.argval == "hole"
            if asks and following.opname == "LOAD_CONST" and isinstance(following.argval, str):
                yield following.argval


def _read_in(code: CodeType, names: Collection[str]) -> Iterator[str]:
    """Which of these names are read as `self.name`."""
    if {*names} & {*code.co_names}:
        for before, one in pairwise(_steps(code)):
            owner = before.argval[-1] if isinstance(before.argval, tuple) else before.argval
            if one.opname in LOADS and one.argval in names and owner == "self":
                yield one.argval


LOADS = ("LOAD_ATTR", "LOAD_METHOD")
"""The instructions that read an attribute."""


def _steps(code: CodeType) -> list[dis.Instruction]:
    return [one for one in dis.get_instructions(code) if one.opname not in ("CACHE", "PUSH_NULL", "EXTENDED_ARG")]


class Offers:
    """Hears which choices programs offer for each hole in a `with` block, and demands that they are always the same.

    choices: what is known so far. opened: whether a hole without a value has its first choice, so that one run shows
    the choices of several holes.
    """

    _open: ClassVar[list[Offers]] = []

    def __init__(self, opened: bool = False, choices: Mapping[str, Sequence[Filling]] | None = None) -> None:
        self.choices: dict[str, Sequence[Filling]] = dict(choices or {})
        self._opened = opened

    def __enter__(self) -> Self:
        self._open.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.remove(self)

    @classmethod
    def heard(cls, title: str, name: str, choices: Sequence[Filling], value: Filling | None) -> Filling | None:
        """The value of a hole for which a program offers these choices. Raises ProtocolError if others were offered."""
        for one in cls._open:
            known = one.choices.setdefault(name, choices)
            if known != choices:
                raise _broken(
                    f"{title} offers the choices {_listed(choices)} for the hole {name}, and {_listed(known)} in "
                    "another place: choices may depend on parameters such as n and m, and on nothing else"
                )
            value = choices[0] if value is None and one._opened else value
        return value


def value_of(protocol: Any, name: Any, choices: Any) -> Filling:
    """The value of a hole of this instance, as a general's copy of it asks for it. Raises UsageError if there is none,
    ProtocolError if it is not among the choices, or for what is not a hole with choices.
    """
    title = type(protocol).__name__
    if name not in holes_of(protocol):
        raise _broken(
            f"{title} asks for a hole {name!r} that is not found in its text: call self.hole in a method of the class, "
            'and write its name as a text, as in self.hole("enough", range(self.n))'
        )
    if "_listed" not in vars(protocol):
        raise _broken(
            f"{title} asks for the hole {name} outside of a general's program: what a protocol is, claims and must "
            "fulfil does not depend on its holes"
        )
    offered = _choices(title, name, choices)
    value = Offers.heard(title, name, offered, getattr(protocol, name))
    if value is None:
        raise _unfilled(title, name)
    if not any(value == one and type(value) is type(one) for one in offered):
        raise _broken(f"{title} has {name}={value!r}, which is not among the choices of this hole: {_listed(offered)}")
    return value


def _choices(title: str, name: str, given: Any) -> Sequence[Filling]:
    """The choices as a tuple. Raises ProtocolError if they are not different values of one kind."""
    if not isinstance(given, range | tuple | list):
        raise _broken(f"{title} offers no range, tuple or list of choices for the hole {name}")
    if not 0 < len(given) <= MOST_CHOICES:
        raise _broken(f"{title} offers {len(given)} choices for the hole {name}; offer 1 to {MOST_CHOICES}")
    found = tuple(given)
    kinds = {type(one) for one in found}
    if len(kinds) > 1 or not kinds <= {int, bool, str} or len(set(found)) < len(found):
        raise _broken(
            f"the choices for a hole are different values of one kind, int, bool or str: not {_listed(found)}"
        )
    if any(isinstance(one, str) and read(one) != one for one in found):
        raise _broken(f"a choice that is a text must not look like a number or a truth: {_listed(found)}")
    return found


def _unfilled(title: str, name: str) -> UsageError:
    message = (
        f"{title} has an open hole, {name}: find its values with `byzverify complete`, or give one, as --set {name}=1"
    )
    Breaches.note(message)
    return UsageError(message)


def _broken(message: str) -> ProtocolError:
    """The error for an author's mistake. It is noted, since a program may catch errors."""
    Breaches.note(message)
    return ProtocolError(message)


MOST_SHOWN = 6


def _listed(choices: Sequence[Any]) -> str:
    shown = [repr(one) for one in choices]
    if len(shown) > MOST_SHOWN:
        shown = [*shown[: MOST_SHOWN - 2], "...", shown[-1]]
    return ", ".join(shown)
