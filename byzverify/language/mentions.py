"""What a function's code mentions: names, attributes that it sets, texts; whether it makes sets or asks for types.

This module reads compiled code. It does not know what the names stand for.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from dis import Instruction, get_instructions
from functools import lru_cache, reduce
from itertools import pairwise
from operator import or_
from types import CodeType

SET_MAKERS = {"set", "frozenset", "hash", "__hash__"}
SET_STEPS = {"BUILD_SET", "SET_ADD", "SET_UPDATE"}
VIEWS = {"keys", "items"}
"""The methods that make a view of a dictionary; combining two views makes a set."""

TELLING = {"id", "is_", "is_not", "dump", "dumps", "encode", "suppress", "__eq__", "__ne__", "__gt__", "__lt__"}
"""The names by which code tests identity, beside `is`, or notices that other code refuses anything but a number. This
list is only a help: the guarantee is that generals are also run on plain numbers.
"""

MATCHES = {"CHECK_EXC_MATCH", "CHECK_EG_MATCH"}
"""The bytecode instructions that test whether an `except` clause matches an error."""

HARMLESS = {
    name
    for name, error in vars(builtins).items()
    if isinstance(error, type) and issubclass(error, BaseException) and not issubclass(TypeError, error)
}
"""The errors that Python never raises because something is not a number."""

COMBINING = {"&", "|", "-", "^"}
"""The operators that make a set from two views."""

COMBINERS = {"and_", "or_", "sub", "xor", "iand", "ior", "isub", "ixor", "reduce"} | {
    f"__{side}{operation}__" for side in ("", "r") for operation in ("and", "or", "sub", "xor")
}
"""The other names by which code combines views."""

CHANCE = {
    "random",
    "secrets",
    "uuid",
    "urandom",
    "getrandom",
    "tempfile",
    "getpid",
    "getppid",
    "rng",
    "time",
    "perf",
    "now",
    "today",
    "utcnow",
    "makeLogRecord",
    "msecs",
    "cwd",
    "stat",
}
"""The names by which code gets at randomness, a clock or the state of the process."""

VARIABLE_STEPS = {"LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL", "LOAD_NAME", "STORE_NAME", "DELETE_NAME"}

ATTRIBUTE_STEPS = {"STORE_ATTR", "DELETE_ATTR"}

SETTERS = {"setattr", "delattr", "vars", "__dict__", "__setattr__", "__delattr__"}
"""The names by which code gets at attributes whose names it has as texts."""

NAMESPACES = {"globals", "exec", "eval", "modules", "import_module", "__import__", "__globals__", "f_globals"}
"""The names by which code gets at variables of a module without naming them."""


@dataclass(frozen=True)
class Mentions:
    """What code mentions, including the functions nested in it.

    names: of variables, attributes and modules. variables: only those that are variables of the module. written: the
    attributes that the code may set or delete. anything: whether it can access variables of its module without naming
    them. sets: whether it makes a set or asks for a hash. views: whether it makes views of dictionaries and does more
    with them than iterate. combines: whether it combines values in a way that makes a set from two views.
    tells_stand_ins: whether it could distinguish a stand-in for a general from his number, because it asks for a type
    or for identity, or notices that Python refuses anything but a number. files: whether it names system files, such as
    /dev/urandom. imported: the packages of modules that it imports.
    """

    names: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    anything: bool = False
    sets: bool = False
    views: bool = False
    combines: bool = False
    tells_stand_ins: bool = False
    files: bool = False
    imported: frozenset[str] = frozenset()

    @property
    def hashes(self) -> bool:
        """Whether its behaviour may depend on hashes."""
        return self.sets or (self.views and self.combines)

    @property
    def chance(self) -> bool:
        """Whether its behaviour may depend on randomness, a clock or the state of the process."""
        return self.files or any(not CHANCE.isdisjoint(re.split(r"[._]", name)) for name in self.names)

    def __or__(self, other: Mentions) -> Mentions:
        return Mentions(*(getattr(self, one.name) | getattr(other, one.name) for one in fields(Mentions)))


def together(some: Iterable[Mentions]) -> Mentions:
    """All that is mentioned in any of these."""
    return reduce(or_, some, Mentions())


@lru_cache(maxsize=10_000)
def mentions(code: CodeType) -> Mentions:
    """What this code mentions."""
    named, texts = frozenset(code.co_names), frozenset(_texts(code.co_consts))
    steps = list(get_instructions(code))
    done = {one.opname for one in steps}
    written = frozenset(str(one.argval) for one in steps if one.opname in ATTRIBUTE_STEPS)
    anything = not NAMESPACES.isdisjoint(named)
    shown = any(isinstance(one, frozenset) for one in code.co_consts)
    operations = {one.argrepr.rstrip("=") for one in steps if one.opname == "BINARY_OP"}
    variables = frozenset(str(one.argval) for one in steps if one.opname in VARIABLE_STEPS)
    own = Mentions(
        names=named | texts if anything else named,
        variables=variables | texts if anything else variables,
        written=written | texts if not SETTERS.isdisjoint(named) else written,
        anything=anything,
        sets=shown or not SET_STEPS.isdisjoint(done) or not SET_MAKERS.isdisjoint(named),
        views=_views(steps),
        combines=not COMBINING.isdisjoint(operations) or not COMBINERS.isdisjoint(named),
        tells_stand_ins=_asks_for_types(steps)
        or _catches_refusals(steps)
        or "MATCH_CLASS" in done
        or not TELLING.isdisjoint(named),
        files=any(text.startswith(("/dev/", "/proc/", "/sys/")) for text in texts),
        imported=frozenset(one.argval.partition(".")[0] for one in steps if one.opname == "IMPORT_NAME"),
    )
    return together([own, *(mentions(one) for one in code.co_consts if isinstance(one, CodeType))])


def without_functions(module: CodeType) -> CodeType:
    """The code of a module without the functions and classes in it."""
    return module.replace(co_consts=tuple(None if isinstance(one, CodeType) else one for one in module.co_consts))


def gets_at_chance(module: str) -> bool:
    """Whether the name of a module says that it is about randomness, a clock or the process."""
    return not CHANCE.isdisjoint(module.split("."))


def draws(module: CodeType, drawing: Callable[[str], bool] = gets_at_chance, names: Collection[str] = CHANCE) -> bool:
    """Whether a module's top-level code uses one of these names, or something imported from a `drawing` module. The
    import alone does not count.
    """
    drawn, importing = set(names), False
    for step in get_instructions(module):
        if step.opname == "IMPORT_NAME":
            importing = drawing(step.argval)
        elif step.opname == "STORE_NAME" and importing:
            drawn.add(step.argval)
        elif step.opname == "POP_TOP":
            importing = False
        elif step.opname.startswith("LOAD") and step.argval in drawn:
            return True
    return False


def _asks_for_types(steps: Sequence[Instruction]) -> bool:
    """Whether there is `type`, except in `type(self)`, or `is`, except in `is None` and the like."""
    for before, one, after in zip(steps, steps[1:], [*steps[2:], None], strict=False):
        if before.argval == "type" and not (one.argval == "self" and after is not None and "CALL" in after.opname):
            return True
        singleton = before.opname == "LOAD_CONST" and any(before.argval is one for one in (None, True, False, ...))
        chosen = one.is_jump_target  # as in `a is (b or None)`
        if one.opname == "IS_OP" and (chosen or not singleton):  # 0 equals False, but is not a singleton
            return True
    return False


def _catches_refusals(steps: Sequence[Instruction]) -> bool:
    """Whether there is an `except` that names no error, or one that may be a TypeError."""
    if any(one.opname == "PUSH_EXC_INFO" and after.opname == "POP_TOP" for one, after in pairwise(steps)):
        return True
    loaded: set[object] = set()
    for one in steps:
        if one.opname in MATCHES and not loaded <= HARMLESS:
            return True
        if one.opname.startswith("LOAD"):
            loaded = {*loaded, one.argval}
        elif one.opname != "BUILD_TUPLE":
            loaded = set()
    return False


def _views(steps: Sequence[Instruction]) -> bool:
    """Whether a view of a dictionary is made and not iterated over at once."""
    steps = [one for one in steps if one.opname != "PRECALL"]
    for place, one in enumerate(steps):
        if one.argval in VIEWS and "LOAD" in one.opname:
            called, used = [*steps[place + 1 : place + 3], None, None][:2]
            at_once = called is not None and called.opname == "CALL" and called.arg == 0
            if not at_once or used is None or used.opname != "GET_ITER":
                return True
    return False


def _texts(constants: Iterable[object]) -> Iterator[str]:
    """The texts among a code's constants and in the tuples there, such as tuples of argument names."""
    for one in constants:
        if isinstance(one, str):
            yield one
        elif isinstance(one, tuple):
            yield from _texts(one)
