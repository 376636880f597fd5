"""Counting protocols as data: a small tree, whose `repr` is Python that makes it again.

A program has one to three rounds. In each, generals say what they compute from what they have heard so far, and they
treat each other alike, but for the commander. This file knows nothing of what a tree comes to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Word:
    """An order by its name."""

    name: str


@dataclass(frozen=True)
class Own:
    """What a general starts with; RETREAT if nothing."""


@dataclass(frozen=True)
class Heard:
    """What came from the commander, or from oneself, in a round under a label."""

    round: int
    label: str
    sender: str
    default: str


@dataclass(frozen=True)
class Choice:
    """`ite(condition, then, otherwise)`."""

    condition: Any
    then: Any
    otherwise: Any


@dataclass(frozen=True)
class Votes:
    """What came in a round under a label from each of some people, where one word may be taken for another.

    more: further votes, of a general's own.
    """

    round: int
    label: str
    people: str
    default: str
    taken: tuple[str, str] | None = None
    more: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Winner:
    """The majority or plurality of votes."""

    rule: str
    votes: Votes
    otherwise: Any


@dataclass(frozen=True)
class Number:
    """How many votes name an order, times a weight; if `against` is given, less those that name that one."""

    votes: Votes
    order: Any
    weight: int = 1
    against: Any = None


@dataclass(frozen=True)
class Compare:
    """A number compared with a multiple of n, one of m, and a constant."""

    number: Number
    sign: str
    n: int
    m: int
    constant: int


@dataclass(frozen=True)
class Each:
    """Whether all votes, or any, name an order or do not."""

    quantifier: str
    votes: Votes
    order: Any
    named: bool = True


@dataclass(frozen=True)
class Same:
    """Whether two orders are the same."""

    one: Any
    other: Any


@dataclass(frozen=True)
class Joined:
    """Truths, joined by `and`, `or`, or in that exactly one holds; or the negation of the first."""

    how: str
    truths: tuple[Any, ...]


@dataclass(frozen=True)
class Say:
    """A message of a round. to: all, all but oneself, oneself, the commander, or all but him. by: who says it."""

    order: Any
    label: str
    to: str
    by: str


@dataclass(frozen=True)
class Written:
    """A program. decision: an order, or several that make a tuple. conditions: by name, see `CONDITIONS`."""

    has_commander: bool
    rounds: tuple[tuple[Say, ...], ...]
    decision: tuple[Any, ...]
    conditions: tuple[str, ...]
    marked: bool = False
