"""What functions can reach and change: the state that one execution could leave for another.

A general is a function of what he is given, and so are a condition and a tree's rule. Python does not enforce that: a
function can keep something in a list of its class, in a default argument, in a variable of its module, in an object
that it refers to, in a list that a cached function gives. A `Snapshot` notes what is in all of these, so that a change
is noticed; and it notices iterators, which cannot be noted, since each look at one uses it up. What is reached,
`reach.py` knows. Of what has been noted, the constants can be compared with another process's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dis import get_instructions
from inspect import getattr_static
from types import CodeType, FunctionType
from typing import TypeGuard

from byzverify.errors import RuleBroken
from byzverify.language import kept
from byzverify.language.reach import CONSTANTS, SETS, Contents, Part, Reach, names_in

SET_MAKERS = {"set", "frozenset", "hash"}

BUILDS = {"BUILD_SET", "SET_ADD", "SET_UPDATE"}

VIEWS = {"keys", "items"}
"""What makes a view of a dictionary, and two views combined make a set."""

COMBINES = {"BINARY_OP &", "BINARY_OP |", "BINARY_OP -", "BINARY_OP ^"}

COMBINERS = {"and_", "or_", "sub", "xor", "reduce"}


@dataclass(frozen=True)
class _Noted:
    """What was in something that can change. name: how the author gets at it."""

    name: str
    thing: object
    parts: list[Part]

    def changed(self, reach: Reach) -> str | None:
        """The name of what has changed in it; None if nothing has."""
        now = reach.parts(self.name, self.thing) or []
        if len(now) != len(self.parts):
            return self.name
        differing = (name for (name, one), (_, other) in zip(self.parts, now, strict=True) if not _same(one, other))
        found = next(differing, None)
        return found if found is None or type(self.thing) is FunctionType else self.name


class Snapshot:
    """What is in everything that these can reach, now. roots: functions, classes or values, by name.

    hashes: whether there is a set among it, or a function that makes one or asks for hashes. types: whether a function
    asks for types, and could so tell what stands for a general from his number. names: what its functions refer to,
    attributes included.
    Raises RuleBroken where an iterator is among it.
    """

    def __init__(self, roots: Mapping[str, object]) -> None:
        self._reach = Reach(roots.values())
        self._noted: dict[int, _Noted] = {}
        self._constants: set[str] = set()
        self.hashes = self.types = False
        self.names: set[str] = set()
        pending = list(roots.items())
        while pending:
            name, thing = pending.pop()
            self.hashes = self.hashes or self._has_hashes(thing)
            self.types = self.types or (self._is_users_function(thing) and "type" in names_in(thing.__code__))
            self.names.update(names_in(thing.__code__) if type(thing) is FunctionType else ())
            if type(thing) in CONSTANTS:
                self._constants.add(f"{name} is {thing!r}")
            elif id(thing) not in self._noted and (parts := self._reach.parts(name, thing)) is not None:
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
            name = noted.changed(self._reach) or kept.changed(self._reach, noted.name, noted.thing)
            if name is not None:
                raise RuleBroken(
                    f"keeps something in {name}, which is there still when the program runs again; "
                    "compute it in `general`, or once for all at the top of the file"
                )

    def _has_hashes(self, thing: object) -> bool:
        if type(thing) is not FunctionType:
            return isinstance(thing, SETS)
        return self._is_users_function(thing) and _makes_sets(thing.__code__)

    def _is_users_function(self, thing: object) -> TypeGuard[FunctionType]:
        return type(thing) is FunctionType and self._reach.is_users(thing.__module__)


def _same(one: object, other: object) -> bool:
    return one is other or (type(one) is Contents and one == other)


def _makes_sets(code: CodeType) -> bool:
    """Whether a function makes a set or asks for a hash, itself or in one of the functions in it.

    The keys and items of dictionaries make a set where they are combined.
    """
    names = set(code.co_names)
    inner = (one for one in code.co_consts if isinstance(one, CodeType))
    shown = any(isinstance(one, frozenset) for one in code.co_consts)
    does = {f"{one.opname} {one.argrepr.rstrip('=')}".strip() for one in get_instructions(code)}
    builds = does & BUILDS or (names & VIEWS and (does & COMBINES or names & COMBINERS))
    return shown or bool(builds) or bool(names & SET_MAKERS) or any(map(_makes_sets, inner))
