"""The part of Python that is understood at every size: what a program may do with a list that has an entry for each of
the generals.

A run at every size lists few generals, each of which stands for many. So a program must not depend on how long such a
list is, or on places in it. Whether it does cannot be seen from runs: `sum(1 for _ in self.generals) == 10` would be
false in all of them. So the text is read before it is run, and whatever is not known to be harmless is refused.

Each expression has a *kind*. A list of the kind `CROWD` has an entry for each general, and may only be gone through by
a comprehension, joined with other lists, handed to `count` and the like, measured by `len`, or handed on. This module
knows the text. It must not know what a program computes.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from types import FunctionType
from typing import Any, Generic

from byzverify.engines.parameterized.expressions import found_in, is_constant, is_languages, is_written, place_of
from byzverify.engines.parameterized.kinds import (
    AUTHORS,
    DATA,
    FEW,
    GENERAL,
    GENERALS,
    OUTCOME,
    PLAIN,
    SELF,
    Dependence,
)
from byzverify.engines.parameterized.reading_only import demand_only_reads
from byzverify.engines.parameterized.sources import MISSING, is_authors, is_ours
from byzverify.engines.parameterized.statements import Function
from byzverify.errors import NotUnderstood
from byzverify.language.conditions import Condition, Problem
from byzverify.language.protocol import GIVEN, WRITTEN, Protocol, StatedOnce, parameters


def demand_understood(kind: type[Protocol], problem: Problem) -> None:
    """Raise NotUnderstood, with the line, unless a protocol and its conditions are written in this part of Python."""
    try:
        _demand_read(kind, problem)
    except RecursionError:
        raise NotUnderstood(f"{kind.__name__} is nested too deeply: write shorter expressions and calls") from None


def _demand_read(kind: type[Protocol], problem: Problem) -> None:
    reader = Reader(kind)
    reader.read_class(problem)
    reader.read("__post_init__", [SELF])
    tolerates = found_in(kind, "tolerates")
    others = tolerates.__code__.co_argcount - 1 if isinstance(tolerates, FunctionType) else 0
    reader.read("tolerates", [SELF, *[PLAIN] * others])
    reader.read("general", [SELF, GENERAL, PLAIN])
    for name in ("marks", "rushing"):
        reader.read_stated(name)
    demand_only_reads(kind, "interchangeable")
    for condition in problem.conditions:
        reader.read_condition(condition)


DESCRIPTORS = (FunctionType, property, staticmethod, classmethod, StatedOnce)
"""What a class may have besides constants; not of classes derived from these, which may do anything."""

PARAMETERS = (int, bool, float, str)
"""The types of parameters' defaults."""


class Reader:
    """Reads the functions that a protocol can call, each for the kinds of its arguments."""

    def __init__(self, kind: type[Protocol]) -> None:
        self.kind = kind
        self._known: dict[tuple[Any, ...], Dependence] = {}
        self._open: list[FunctionType] = []

    def read_class(self, problem: Problem) -> None:
        """Raise NotUnderstood if a class does something of its own where it is made, stored or looked at."""
        named = self.kind.__name__
        if type(problem) is not Problem or any(type(one) is not Condition for one in problem.conditions):
            raise NotUnderstood(
                f"{_place_of_class(self.kind)}{named} has a problem or a condition of a class of its own; use Problem "
                "and Condition"
            )
        for one in (one for one in self.kind.__mro__ if one not in (Protocol, Generic, object)):
            if type(one) is not type(Protocol):
                raise NotUnderstood(f"{_place_of_class(one)}{one.__name__} has a metaclass; write a plain class")
            for name, value in vars(one).items():
                self._demand_harmless(one, name, value)
        if found_in(self.kind, "problem") is not problem:
            raise self._refusal(self.kind, "problem depends on parameters; at every size it must be one problem")
        for name in vars(Protocol):
            own = name.startswith("__") or name in WRITTEN or name in GIVEN
            if not own and not is_languages(name, found_in(self.kind, name)):
                raise self._refusal(self.kind, f"{name} is no longer the language's; call it something else")
        for parameter in parameters(self.kind):
            self._demand_plain(parameter.name)

    def _demand_harmless(self, owner: type, name: str, value: object) -> None:
        """Raise NotUnderstood for a special method of the author's, or a descriptor."""
        if name.startswith("__") and name.endswith("__"):
            made = value is None or (isinstance(value, FunctionType) and not is_written(value))
            if name not in AUTHORS | DATA and not made:
                raise NotUnderstood(
                    f"{_place_of_class(owner)}{owner.__name__} defines {name}; at every size only __post_init__ is "
                    "understood"
                )
        elif hasattr(type(value), "__get__") and type(value) not in DESCRIPTORS:
            raise self._refusal(owner, f"{name} is neither a function nor a constant; write def {name}, or a property")

    def _demand_plain(self, name: str) -> None:
        """Raise NotUnderstood for a parameter with a name of byzverify's own, or with a method as its default."""
        default = found_in(self.kind, name)
        if name.startswith("_") or not (default is MISSING or type(default) in PARAMETERS):
            raise self._refusal(
                self.kind,
                f"{name} is no parameter that is understood at every size; give it a name that begins with a letter "
                "and no method has",
            )

    def _refusal(self, owner: type, what: str) -> NotUnderstood:
        return NotUnderstood(f"{_place_of_class(owner)}{owner.__name__}.{what}")

    def read(self, name: str, kinds: Sequence[Dependence]) -> None:
        """A method of the protocol, if its author wrote it."""
        method = found_in(self.kind, name)
        if isinstance(method, FunctionType) and is_authors(method.__module__):
            self.result(method, kinds, runs=name == "general")
        elif not is_languages(name, method):
            raise self._refusal(self.kind, f"{name} is no function that can be read; write def {name}")

    def read_stated(self, name: str) -> None:
        """What the class states in a property or a constant."""
        value = found_in(self.kind, name)
        if type(value) is property and isinstance(value.fget, FunctionType) and is_authors(value.fget.__module__):
            if self.result(value.fget, [SELF]) is PLAIN:
                return
        elif is_constant(value) or is_languages(name, value):
            return
        raise self._refusal(self.kind, f"{name} is no constant and no property that can be read; write a tuple")

    def read_condition(self, condition: Condition) -> None:
        """What a condition computes, and when it applies."""
        for code, kinds in ((condition.holds, [OUTCOME, FEW]), (condition.concerns, [SELF, GENERALS])):
            if code is not None and not is_ours(code):
                if not isinstance(code, FunctionType):
                    raise NotUnderstood(f"{condition.name} is stated by something that is no function; write a def")
                self.result(code, kinds)

    def result(self, function: FunctionType, kinds: Sequence[Dependence], runs: bool = False) -> Dependence:
        """The kind of what a function returns for arguments of these kinds. runs: whether it is a general's program."""
        key = (function, *kinds, runs)
        if key not in self._known:
            if function in self._open:
                raise NotUnderstood(f"{place_of(function, None)}: {function.__qualname__} calls itself")
            self._open.append(function)
            try:
                self._known[key] = Function(self.kind, self.result, function, kinds, runs).result()
            finally:
                self._open.pop()
        return self._known[key]


def _place_of_class(owner: type) -> str:
    """The file and line of a class, for a message; nothing if its text is not known."""
    try:
        return f"{inspect.getsourcefile(owner)}:{inspect.getsourcelines(owner)[1]}: "
    except (OSError, TypeError, SyntaxError):
        return ""
