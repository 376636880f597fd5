"""What the code of a function mentions: names, attributes that it sets, texts; whether it makes sets.

This module reads compiled code. It does not know what the names stand for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dis import get_instructions
from functools import lru_cache, reduce
from itertools import pairwise
from types import CodeType

SET_MAKERS = {"set", "frozenset", "hash"}
SET_STEPS = {"BUILD_SET", "SET_ADD", "SET_UPDATE"}
VIEWS = {"keys", "items"}
"""What makes a view of a dictionary, and two views combined make a set."""

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
    whether it asks of which type something is, if it is not `self`.
    """

    names: frozenset[str]
    written: frozenset[str]
    anything: bool
    hashes: bool
    types: bool


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
    of_views = bool(combines) and not VIEWS.isdisjoint(named)
    own = Mentions(
        names=named | texts if anything else named,
        written=written | texts if not SETTERS.isdisjoint(named) else written,
        anything=anything,
        hashes=shown or of_views or not SET_STEPS.isdisjoint(done) or not SET_MAKERS.isdisjoint(named),
        types=any(one.argval == "type" and after.argval != "self" for one, after in pairwise(steps)),
    )
    return reduce(_together, inner, own)


def _together(one: Mentions, other: Mentions) -> Mentions:
    return Mentions(
        one.names | other.names,
        one.written | other.written,
        one.anything or other.anything,
        one.hashes or other.hashes,
        one.types or other.types,
    )


def _texts(constants: Iterable[object]) -> Iterator[str]:
    """The texts among a code's constants, and in tuples there, such as those with the names of arguments."""
    for one in constants:
        if isinstance(one, str):
            yield one
        elif isinstance(one, tuple):
            yield from _texts(one)
