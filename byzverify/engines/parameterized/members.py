"""Generals while a program runs for all sizes: some by themselves, such as a king or a witness, all others as a crowd.

A program can compare generals with ==, read from them and send to them. Everything else would tell generals apart that
have to be alike, and is an error. This module knows no programs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from byzverify.errors import RuleBroken
from byzverify.language.labels import Stand


class Lookups:
    """How often generals were used as keys; None while they may not be.

    A program that decides for each general makes one dictionary of them. If generals were looked up as often as this
    dictionary has keys, nothing else was asked.
    """

    def __init__(self) -> None:
        self.number: int | None = None


class Member(Stand):
    """A general, or the crowd. title: what messages call him. numbered: the generals that have numbers, which others
    are compared with. lookups: counts how often generals are looked up, where they may be.
    """

    __slots__ = ("_lookups", "_numbered", "_title")

    def __init__(self, title: str, numbered: Collection[int], lookups: Lookups | None = None) -> None:
        self._title = title
        self._numbered = numbered
        self._lookups = lookups

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Member):
            if self is other and isinstance(self, Crowd):
                raise RuleBroken("compares two generals that are not told apart")
            return self is other
        if type(other) is int and other in self._numbered:
            return False
        raise RuleBroken("compares a general with something else than a general from self.generals")

    def __hash__(self) -> int:
        if self._lookups is None or self._lookups.number is None:
            raise RuleBroken("looks a general up in a dictionary or a set; compare him with ==")
        self._lookups.number += 1
        return id(self)

    def __bool__(self) -> NoReturn:
        raise RuleBroken("uses a general as a truth; compare him with ==")

    def __repr__(self) -> NoReturn:
        raise RuleBroken("writes a general's number into a text")

    def __getattr__(self, name: str) -> NoReturn:
        raise RuleBroken(f"takes {name} of a general's number")

    def _computes(self, *others: object) -> NoReturn:
        raise RuleBroken("computes with a general's number, or orders it")

    __lt__ = __le__ = __gt__ = __ge__ = __index__ = __int__ = __neg__ = __abs__ = _computes
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __mod__ = __rmod__ = __floordiv__ = _computes


class Crowd(Member):
    """All generals that are not taken by themselves, or a part of them."""

    __slots__ = ()


def title_of(member: Any) -> str:
    """What messages call a general."""
    return member._title if is_member(member) else f"general {member}"


def is_member(general: Any) -> bool:
    """Whether a general has no number."""
    return issubclass(type(general), Member)


class Assembly(Collection[Any]):
    """Generals whose number is not known: they can be iterated over and asked for, and have no length."""

    def __init__(self, members: Sequence[Any]) -> None:
        self._members = tuple(members)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._members)

    def __contains__(self, member: object) -> bool:
        return any(member is one or one == member for one in self._members)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Assembly):
            raise RuleBroken(
                "compares what was decided about each general with something else; compare it with such a decision"
            )
        return all(one in other for one in self) and all(one in self for one in other)

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        raise TypeError("the number of these generals is not known")


class ByGeneral(Mapping[Any, Any]):
    """Something for each general: what he starts with, or what somebody decided about him."""

    def __init__(self, entries: Iterable[tuple[Any, Any]]) -> None:
        self._entries = tuple(entries)

    def __getitem__(self, member: Any) -> Any:
        for one, order in self._entries:
            if one is member or one == member:
                return order
        raise KeyError(member)

    def __iter__(self) -> Iterator[Any]:
        return (one for one, _ in self._entries)

    def __len__(self) -> int:
        raise TypeError("the number of these generals is not known")

    def keys(self) -> Any:
        """The generals."""
        return Assembly([one for one, _ in self._entries])
