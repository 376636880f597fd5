"""What the code of a function mentions: names, attributes that it sets, texts; whether it makes sets.

This module reads compiled code. It does not know what the names stand for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from dis import Instruction, get_instructions
from functools import lru_cache, reduce
from types import CodeType

SET_MAKERS = {"set", "frozenset", "hash", "__hash__"}
SET_STEPS = {"BUILD_SET", "SET_ADD", "SET_UPDATE"}
VIEWS = {"keys", "items"}
"""What makes a view of a dictionary, and two views combined make a set."""

IDENTITY = {"id", "is_", "is_not"}
"""The names by which code asks whether something is the same object as another, beside `is`."""

COMBINING = {"&", "|", "-", "^"}
COMBINERS = {"and_", "or_", "sub", "xor", "reduce"}

ATTRIBUTE_STEPS = {"STORE_ATTR", "DELETE_ATTR"}

SETTERS = {"setattr", "delattr", "vars", "__dict__", "__setattr__", "__delattr__"}
"""The names by which code gets at attributes whose names are texts."""

NAMESPACES = {"globals", "exec", "eval", "modules", "import_module", "__import__", "__globals__", "f_globals"}
"""The names by which code gets at variables of a module without naming them."""


@dataclass(frozen=True)
class Mentions:
    """What code mentions, the functions in it included.

    names: of variables, attributes and modules. written: the attributes that it may set or delete. anything: whether it
    can get at variables of its module that it does not name. hashes: whether it makes a set or asks for a hash. types:
    whether it asks of which type something is, if it is not `self`, or whether it is the same object as another. views:
    whether it makes views of dictionaries and does more with them than go through them. combines: whether it combines
    anything as two views can be, which makes a set.
    """

    names: frozenset[str]
    written: frozenset[str]
    anything: bool
    hashes: bool
    types: bool
    views: bool
    combines: bool


@lru_cache(maxsize=10_000)
def mentions(code: CodeType) -> Mentions:
    """What this code mentions."""
    inner = [mentions(one) for one in code.co_consts if isinstance(one, CodeType)]
    named, texts = frozenset(code.co_names), frozenset(_texts(code.co_consts))
    steps = list(get_instructions(code))
    done = {one.opname for one in steps}
    written = frozenset(str(one.argval) for one in steps if one.opname in ATTRIBUTE_STEPS)
    anything = not NAMESPACES.isdisjoint(named)
    shown = any(isinstance(one, frozenset) for one in code.co_consts)
    combines = {one.argrepr.rstrip("=") for one in steps if one.opname == "BINARY_OP"} & COMBINING or named & COMBINERS
    own = Mentions(
        names=named | texts if anything else named,
        written=written | texts if not SETTERS.isdisjoint(named) else written,
        anything=anything,
        hashes=shown or not SET_STEPS.isdisjoint(done) or not SET_MAKERS.isdisjoint(named),
        types=_asks_for_types(steps) or not IDENTITY.isdisjoint(named),
        views=_views(steps),
        combines=bool(combines),
    )
    return reduce(_together, inner, own)


def _together(one: Mentions, other: Mentions) -> Mentions:
    return Mentions(
        one.names | other.names,
        one.written | other.written,
        one.anything or other.anything,
        one.hashes or other.hashes,
        one.types or other.types,
        one.views or other.views,
        one.combines or other.combines,
    )


def _asks_for_types(steps: Sequence[Instruction]) -> bool:
    """Whether there is `type`, but for `type(self)`, or `is`, but for `is None` and the like."""
    for before, one, after in zip(steps, steps[1:], [*steps[2:], None], strict=False):
        if before.argval == "type" and not (one.argval == "self" and after is not None and "CALL" in after.opname):
            return True
        singleton = before.opname == "LOAD_CONST" and any(before.argval is one for one in (None, True, False, ...))
        if one.opname == "IS_OP" and not singleton:  # 0 equals False, and is no singleton
            return True
    return False


def _views(steps: Sequence[Instruction]) -> bool:
    """Whether a view is made of a dictionary, but for those that are gone through at once."""
    for place, one in enumerate(steps):
        if one.argval in VIEWS and "LOAD" in one.opname:
            called = next((at for at in range(place, len(steps)) if steps[at].opname.startswith("CALL")), len(steps))
            if called + 1 >= len(steps) or steps[called + 1].opname != "GET_ITER":
                return True
    return False


def _texts(constants: Iterable[object]) -> Iterator[str]:
    """The texts among a code's constants, and in tuples there, such as those with the names of arguments."""
    for one in constants:
        if isinstance(one, str):
            yield one
        elif isinstance(one, tuple):
            yield from _texts(one)
