"""The kinds of values in a protocol's source: an order, a truth, a count, or several of these.

None stands for anything else, and for a kind that is not known for certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Basic(Enum):
    """The kinds of single values."""

    WORD = "an order that is known while the program is written, such as ATTACK"
    ORDER = "an order that arrived, was computed, or is what a general starts with"
    DECISION = "what a condition is shown of a decision"
    TRUTH = "a truth"
    COUNT = "a count"
    FRACTION = "a number that need not be whole"
    INBOX = "an inbox"
    SIGNED = "what inbox.signed found"
    TREE = "a tree of paths"
    UNSET = "what the kind of a name is before its assignments are read"


@dataclass(frozen=True)
class Many:
    """Several values of one kind. settled: whether their sequence is the same in every process."""

    of: Kind
    settled: bool = True


@dataclass(frozen=True)
class Table:
    """A dictionary, by the kind of its values."""

    of: Kind


Kind = Basic | Many | Table | None

EMPTY = Many(Basic.UNSET)
"""A list without members so far."""

HIDDEN = {Basic.ORDER, Basic.TRUTH, Basic.COUNT, Basic.DECISION}
"""The kinds of values that a program computes with and must not look at."""


def agreed(kinds: list[Kind]) -> Kind:
    """The kind on which all of these agree; None if they do not. A word and an order agree on an order."""
    settled = {kind for kind in kinds if kind is not Basic.UNSET}
    if any(isinstance(kind, Many) and kind.of is not Basic.UNSET for kind in settled):
        settled -= {EMPTY}
    if settled == {Basic.WORD, Basic.ORDER}:
        return Basic.ORDER
    if not settled:
        return Basic.UNSET if kinds else None
    return settled.pop() if len(settled) == 1 else None


def element(kind: Kind) -> Kind:
    """The kind of the members of a value of this kind, for a loop over it."""
    if kind is Basic.UNSET or kind is Basic.DECISION:
        return kind
    return kind.of if isinstance(kind, Many) else None
