"""What functions can reach and change: the state that one execution could leave for another.

A general is a function of his inputs, and so are a condition and a tree's rule. Python does not enforce that: a
function can store something in a list of its class, in a default argument, in a variable of its module, in an object
that it refers to, or in a list that a cached function returns. A `Snapshot` records the contents of all of these, so
that a change is noticed. It rejects iterators, whose contents cannot be recorded because each look uses them up.
`reach.py` knows what functions can reach. The contents can also be compared, part by part, with what another process
has loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from inspect import getattr_static
from itertools import zip_longest
from operator import itemgetter
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from byzverify.errors import RuleBroken
from byzverify.language import kept
from byzverify.language.holding import SETS, Contents, Held, OfTheProcess, called, is_a, is_value, shown_plainly
from byzverify.language.mentions import Mentions, mentions, together
from byzverify.language.reach import CACHED, CONSTANTS, Namespace, Reach
from byzverify.language.shared import Surroundings, left
from byzverify.language.values import Order

LONG = 1000
"""A table with more numbers and texts than this is compared by its hash, as a whole."""


@dataclass(frozen=True)
class _Noted:
    """The recorded contents of a mutable thing. name: how the author refers to it. used: whether code names it."""

    name: str
    thing: object
    parts: list[Held]
    used: bool

    def changed(self, reach: Reach) -> str | None:
        """The name of what has changed in it; None if nothing has."""
        now = reach.parts(self.name, self.thing) or []
        known = {name for name, _ in self.parts}
        if by_name := is_a(self.thing, (FunctionType, ModuleType, Namespace)):
            now = _without_new_modules(now, known)
        pairs = zip_longest(self.parts, now, fillvalue=(self.name, None))
        different = known.symmetric_difference(name for name, _ in now) or {
            name for (name, one), (another, other) in pairs if name != another or not _same(one, other)
        }
        if different:
            return min(different if by_name else {self.name})
        return kept.changed(reach, self.name, self.thing) if self.used else None


WITHOUT_LISTS = {"__post_init__", "tolerates"}
"""Functions in which there are no lists of generals, so that texts in them are only messages."""


def _numbers(thing: Any) -> Iterator[int]:
    """The whole numbers in a value, without their signs: itself, those in code, and lengths, also of texts in code."""
    yield 0
    if type(thing) is int:
        yield abs(thing)
    elif type(thing) in (tuple, frozenset, range, list, dict, set, bytes):
        yield len(thing)
        for part in thing if type(thing) in (tuple, frozenset) else ():
            yield from _numbers(part)
    elif type(thing) is CodeType:
        documented = thing.co_consts[:1] if thing.co_name not in WITHOUT_LISTS else thing.co_consts
        for constant in thing.co_consts:
            yield from _numbers(constant)
            if type(constant) is str and not any(constant is one for one in documented):
                yield len(constant)


def _names_in(thing: Any) -> Iterator[str]:
    """The names in code."""
    if type(thing) is CodeType:
        yield from thing.co_names
        for constant in thing.co_consts:
            yield from _names_in(constant)


class Snapshot:
    """The current contents of everything that can be reached from some roots: functions, classes or values, by name.

    hashes: whether the behaviour of the functions may depend on hashes: a set, or something that makes one, is reached.
    tells_stand_ins: whether a function could distinguish a stand-in for a general from his number, as in `Mentions`.
    names: what the functions refer to, attributes included. sequences: the order of the entries in each dictionary,
    under its name. largest_number: the largest number, without its sign, in users' code or in what it reaches, and the
    greatest length there. users_names: the names in users' code. Raises RuleBroken if an iterator is reached.
    """

    def __init__(self, roots: Mapping[str, object]) -> None:
        self._reach = Reach(roots.values())
        self._noted: dict[int, _Noted] = {}
        self._constants: list[str] = []
        self._others: dict[int, Held] = {}
        self._mentioned: list[Mentions] = []
        self._sets = self._types = False
        self.largest_number = 0
        self.users_names: set[str] = set()
        self.names: set[str] = set()
        self.sequences: dict[str, list[str]] = {}
        whole: list[Held] = []
        pending = list(roots.items())
        while pending:
            name, thing = pending.pop()
            if is_a(thing, (ModuleType, Namespace)):
                whole.append((name, thing))
                continue
            self.largest_number = max(self.largest_number, *_numbers(thing))
            self.users_names.update(_names_in(thing))
            known = self._noted.get(id(thing))
            if known is not None:
                if "()" not in known.name:  # else it is one of several, and chance decides which comes first
                    self._constants.append(f"{name} is {known.name}")
                continue
            parts = [] if type(thing) in CONSTANTS else self._look_into(name, thing)
            if not is_a(thing, OfTheProcess):
                self._constants.append(f"{name} is {self._shown(thing, parts)}")
            if type(thing) not in CONSTANTS:
                self._look_at(thing, parts)
                if is_a(thing, dict):
                    self.sequences[name] = [part for part, _ in parts[1::2]]
                if len(parts) > LONG and all(type(part) in CONSTANTS for _, part in parts):
                    self._constants.append(f"what is in {name} is {_summed_up(parts)}")
                    continue
                pending += sorted(parts, key=itemgetter(0))  # another process may fill a dictionary in another order
        mentioned = together(self._mentioned)
        self.hashes = self._sets or mentioned.hashes or any(map(self._reach.is_foreign, self.others))
        self.tells_stand_ins = self._types or mentioned.tells_stand_ins
        self._look_into_whole(whole)
        self._surroundings = Surroundings(self._others.values(), self.names, mentioned.written)

    def _shown(self, thing: Any, parts: list[Held]) -> str:
        """A description of a thing without its parts, in words that mean the same in every process."""
        kind = type(thing)
        if kind in CONSTANTS or thing is None:
            return shown_plainly(thing)
        if is_a(thing, Contents):
            return f"{len(thing)} bytes with SHA-256 {sha256(thing).hexdigest()[:8]}..."
        if kind.__module__ == Order.__module__:
            return called(thing)
        if is_a(thing, CodeType):
            columns = sorted({column for _, _, column, _ in thing.co_positions() if column and "<" in thing.co_name})
            return " ".join([thing.co_name, "from line", *map(str, [thing.co_firstlineno, *columns])])
        if is_a(thing, (FunctionType, BuiltinFunctionType)):
            return str(thing.__qualname__)
        if is_a(thing, type):
            return str(type.__getattribute__(thing, "__qualname__"))
        if not parts and is_value(kind) and self._reach.is_others(kind.__module__):
            with suppress(Exception):
                if " at 0x" not in (shown := repr(thing)):
                    return shown
        return f"a {kind.__name__}"

    def _look_into(self, name: str, thing: object, used: bool = True) -> list[Held]:
        """Record the contents of a thing, and return them."""
        self._reach.demand_own(name, thing)
        for known_as, other in self._reach.others(name, thing):
            self._reach.demand_own(known_as, other)
            self._others[id(other)] = known_as, other
        parts = self._reach.parts(name, thing)
        if parts is not None:
            self._noted[id(thing)] = _Noted(name, thing, parts, used)
        return parts or []

    def _look_at(self, thing: object, parts: list[Held]) -> None:
        """Collect what code names and may set, and whether there is a set, a set type or `type` here."""
        users = is_a(thing, (FunctionType, type)) and self._reach.is_users(_stands_in(thing))
        if users:
            kinds = [_kind(part) for _, part in parts]
            self._sets = self._sets or any(one is kind for one in kinds for kind in SETS)
            self._types = self._types or any(one is type for one in kinds)
        if type(thing) is FunctionType:
            mentioned = mentions(thing.__code__)
            self.names.update(mentioned.names, _names(thing))
            if users:
                self._mentioned.append(mentioned)
        elif is_a(thing, BuiltinFunctionType):
            self.names.update(_names(thing))
        else:
            self.names.add(type(thing).__module__.partition(".")[0])
            self._sets = self._sets or is_a(thing, SETS)

    def _look_into_whole(self, pending: list[Held]) -> None:
        """Record the contents of whole modules, of which code may use only a part: iterators are allowed there."""
        while pending:
            name, thing = pending.pop()
            if id(thing) not in self._noted:
                with suppress(RuleBroken):
                    pending += self._look_into(name, thing, used=False)

    @classmethod
    def of_condition(cls, functions: Mapping[str, object], protocol: object) -> Snapshot:
        """What a condition's functions can reach, including through attributes of the protocol that they name."""
        reached = cls(functions)
        named = {name: getattr_static(protocol, name) for name in reached.names & set(dir(protocol))}
        return reached if named.keys() <= functions.keys() else cls.of_condition({**functions, **named}, protocol)

    @property
    def constants(self) -> list[str]:
        """The contents, part by part, each with a name, in words that mean the same in every process."""
        return sorted(self._constants)

    @property
    def others(self) -> list[object]:
        """The modules and objects of other packages that were reached; their contents are not recorded."""
        return [thing for _, thing in self._others.values()]

    def demand_unchanged(self) -> None:
        """Raise RuleBroken if anything was added, removed or replaced since the snapshot."""
        for said in self._changes():
            raise RuleBroken(said)

    def forget_results(self) -> None:
        """Clear cached functions, so that no later call gets a result that was computed for a stand-in."""
        for noted in self._noted.values():
            if is_a(noted.thing, CACHED):
                noted.thing.cache_clear()

    def demand_alike(self, name: str, one: object, other: object) -> None:
        """Raise RuleBroken unless `one`, which programs have used, equals `other`, which nobody has used."""
        if not kept.alike(self._reach, one, other):
            raise RuleBroken(left(name))

    def _changes(self) -> Iterator[str]:
        for noted in self._noted.values():
            if (name := noted.changed(self._reach)) is not None:
                yield left(name)
        if (said := self._surroundings.changed()) is not None:
            yield said


def _summed_up(parts: list[Held]) -> str:
    """A short description of a long table of numbers and texts."""
    told = "\n".join(sorted(f"{name} {shown_plainly(part)}" for name, part in parts))
    return f"{len(parts)} parts with SHA-256 {sha256(told.encode()).hexdigest()[:8]}..."


def _stands_in(thing: FunctionType | type) -> str | None:
    """The module with the code of a class or function. A wrapper copies `__module__`, so a function's globals count."""
    return thing.__globals__.get("__name__", thing.__module__) if isinstance(thing, FunctionType) else thing.__module__


def _names(function: FunctionType | BuiltinFunctionType) -> tuple[str, str]:
    """A function's name, and the package that it comes from."""
    return function.__name__, (function.__module__ or "").partition(".")[0]


def _kind(thing: object) -> object:
    """The type behind an alias such as `frozenset[int]`; anything else unchanged."""
    return getattr(thing, "__origin__", thing) if type(thing).__module__ in ("types", "typing") else thing


def _without_new_modules(parts: list[Held], known: Set[str]) -> list[Held]:
    """The parts without modules that have been imported in the meantime, and without the contents of these."""
    modules = [f"{name}." for name, part in parts if name not in known and is_a(part, ModuleType)]
    return [part for part in parts if not any(f"{part[0]}.".startswith(one) for one in modules)] if modules else parts


def _same(one: object, other: object) -> bool:
    plain = type(one) is type(other) and (is_a(one, Contents) or type(one) in CONSTANTS)
    return one is other or (plain and one == other)
