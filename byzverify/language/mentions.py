"""What the code of a function mentions: names, attributes that it sets, texts; whether it makes sets.

This module reads compiled code. It does not know what the names stand for.
"""

from __future__ import annotations

from dataclasses import dataclass
from dis import get_instructions
from functools import lru_cache
from types import CodeType

SET_MAKERS = {"set", "frozenset", "hash"}

SETTERS = {"setattr", "delattr", "vars", "__dict__", "__setattr__", "__delattr__"}
"""The names by which code gets at attributes whose names are texts."""

NAMESPACES = {"globals", "exec", "eval", "modules", "import_module", "__import__", "__globals__", "f_globals"}
"""The names by which code gets at variables of a module without naming them."""


@dataclass(frozen=True)
class Mentions:
    """What code mentions, the functions in it included.

    names: of variables, attributes and modules. set: the attributes that it may set or delete. anything: whether it can
    get at variables of its own package that it does not name. hashes: whether it makes a set or asks for a hash.
    """

    names: frozenset[str]
    set: frozenset[str]
    anything: bool
    hashes: bool


@lru_cache(maxsize=10_000)
def mentions(code: CodeType) -> Mentions:
    """What this code mentions."""
    inner = [mentions(one) for one in code.co_consts if isinstance(one, CodeType)]
    names = frozenset(code.co_names).union(*(one.names for one in inner))
    return Mentions(
        names,
        _set(code).union(*(one.set for one in inner)),
        not NAMESPACES.isdisjoint(names),
        _makes_sets(code) or any(one.hashes for one in inner),
    )


def _set(code: CodeType) -> frozenset[str]:
    named = {one.argval for one in get_instructions(code) if one.opname in ("STORE_ATTR", "DELETE_ATTR")}
    told = () if SETTERS.isdisjoint(code.co_names) else (one for one in code.co_consts if isinstance(one, str))
    return frozenset(named.union(told))


def _makes_sets(code: CodeType) -> bool:
    shown = any(isinstance(one, frozenset) for one in code.co_consts)
    builds = any(one.opname in ("BUILD_SET", "SET_ADD", "SET_UPDATE") for one in get_instructions(code))
    return shown or builds or not SET_MAKERS.isdisjoint(code.co_names)
