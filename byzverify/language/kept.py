"""Whether the results that functions have computed once and keep are still what they would compute now.

`functools.cache` and `cached_property` return the same object again. If it is a list, a caller may have changed it, and
so left something behind for the next caller. So every result that can change is computed once more and compared. This
module knows how `functools.cache` and `cached_property` store their results.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from byzverify.language.holding import SETS, computed_once, is_a, is_value
from byzverify.language.reach import CACHED, CONSTANTS, Reach
from byzverify.language.values import Order

KEY_CONTAINERS = (tuple, frozenset)
"""The containers that can be part of a key."""

Kept = tuple[str, object, Callable[[], object]]
"""A description, the stored result, and a function that computes it once more."""


def changed(reach: Reach, name: str, thing: object) -> str | None:
    """The first stored result that would now be computed differently; None if there is none."""
    for what, kept, again in _kept(name, thing):
        if _is_fixed(reach, kept):
            continue
        try:
            now = again()
        except Exception:  # it could be computed before, so it should be possible now
            return what
        if not alike(reach, kept, now):
            return what
    return None


def alike(reach: Reach, one: object, other: object) -> bool:
    """Whether two things have the same type and the same contents."""
    return _alike(reach, one, other, set())


def _kept(name: str, thing: object) -> Iterator[Kept]:
    if is_a(thing, CACHED):
        yield from _cached(thing)
        return
    for key, attribute in computed_once(thing).items():
        yield f"{name}.{key}", vars(thing)[key], partial(attribute.func, thing)


def _cached(function: Any) -> Iterator[Kept]:
    """The results that a cached function keeps, except those that no later execution can find again."""
    known = function.cache_parameters()
    referred = gc.get_referents(function)
    mark = next((one for one in referred if type(one) is object), None)  # separates the keyword arguments in a key
    for key in list(_keys(referred, bounded=known["maxsize"] is not None)):
        given = key if is_a(key, tuple) else (key,)
        if any(map(_is_gone, given)):
            continue
        positional, named = _arguments(given, mark, typed=known["typed"])
        shown = ", ".join([*map(repr, positional), *(f"{one}={value!r}" for one, value in named.items())])
        again = partial(
            function.__wrapped__, *map(_anew, positional), **{one: _anew(value) for one, value in named.items()}
        )
        yield f"the result of {function.__name__}({shown})", function(*positional, **named), again


def _keys(referred: list[Any], bounded: bool) -> Iterator[Any]:
    """The keys of a cache, given the objects that the cached function refers to."""
    for one in referred:
        if type(one) is dict and (not bounded or any(type(held).__name__ == "_lru_list_elem" for held in one.values())):
            yield from one
            return


def _arguments(key: tuple[Any, ...], mark: object, typed: bool) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of a call, from its key in the cache. typed: whether the key also has the arguments' types."""
    place = next((place for place, one in enumerate(key) if one is mark), None)
    if place is None:
        return key[: len(key) // 2 if typed else None], {}
    names = (len(key) - 2 * place - 1) // 3 if typed else (len(key) - place - 1) // 2
    told = key[place + 1 : place + 1 + 2 * names]
    return key[:place], dict(zip(told[::2], told[1::2], strict=True))


def _is_ours(thing: object) -> bool:
    """Whether a key contains a general, a protocol or another object of this package."""
    if is_a(thing, KEY_CONTAINERS):
        return any(map(_is_ours, thing))
    return any(base.__module__.startswith("byzverify.") for base in type(thing).__mro__)


def _is_gone(thing: object) -> bool:
    """Whether a key contains something of which each execution has its own: a general, or his copy of a protocol.

    Orders are the same in all executions, and the protocols that a condition sees are equal in all of them.
    """
    if is_a(thing, KEY_CONTAINERS):
        return any(map(_is_gone, thing))
    if not _is_ours(thing) or type(thing) is Order:
        return False
    return not _is_protocol(thing) or vars(thing).get("_copy") is not None


def _is_protocol(thing: object) -> bool:
    return any(base.__module__ == "byzverify.language.protocol" for base in type(thing).__mro__)


def _anew(thing: Any) -> Any:
    """A protocol without anything that has been stored in it since; anything else unchanged."""
    return thing.fresh() if _is_protocol(thing) else thing


def _is_fixed(reach: Reach, thing: object) -> bool:
    """Whether nothing in it can change."""
    if is_a(thing, KEY_CONTAINERS):
        return all(_is_fixed(reach, one) for one in thing)
    return thing is None or type(thing) in CONSTANTS or _is_ours(thing) or _is_others_value(reach, type(thing))


def _is_others_value(reach: Reach, kind: type) -> bool:
    """Whether objects of this type cannot change. Those of a user's class can, hash or not; so can tuples."""
    return is_value(kind) and not issubclass(kind, tuple) and not reach.is_users(kind.__module__)


def _alike(reach: Reach, one: object, other: object, seen: set[tuple[int, int]]) -> bool:
    """Whether two things have the same type and contents. seen: the pairs that are being compared further up."""
    if one is other or (pair := (id(one), id(other))) in seen:
        return True
    if type(one) is not type(other):
        return False
    if is_a(one, (*CONSTANTS, *SETS)) or (_is_others_value(reach, type(one)) and not _is_ours(one)):
        return one == other
    seen.add(pair)
    here, there = reach.parts("", one), reach.parts("", other)
    if here is None or there is None:
        return here is there and (not _is_ours(one) or repr(one) == repr(other))
    return len(here) == len(there) and all(
        name == another and _alike(reach, part, counterpart, seen)
        for (name, part), (another, counterpart) in zip(here, there, strict=True)
    )
