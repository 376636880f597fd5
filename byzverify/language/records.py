"""Messages of several fields: orders under names of their own that travel as one message, whole or not at all.

Such a message has a `Form`, its label and the names of its fields, and its form is what it travels under: who reads it
with other fields than it has, or without fields, reads another message. What it says is a `Record`. Everything that
carries messages handles a form like any label and a record like any order; who computes with what a message says takes
it apart, and reads a `Part`. This module knows values and labels. It does not know who sends, or how messages travel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from byzverify.language.labels import Form as Form
from byzverify.language.labels import Label, in_order, spelled
from byzverify.language.labels import Part as Part
from byzverify.language.labels import message_of as message_of
from byzverify.language.values import ABSENT, FALSE, PLAIN, RETREAT, TRUE, Order, Truth, ite

Named = str | dict[Label, str]
"""What is said, as names alone."""


class Record(Order):
    """What a message of several fields says: an order in each field, or ABSENT where it is empty.

    came: whether there is a message at all.
    """

    __slots__ = ("came", "parts")

    def __init__(self, parts: Mapping[Label, Order], came: Truth = TRUE) -> None:
        self.algebra = PLAIN
        self.votes = ()
        self.parts = dict(parts)
        self.came = came

    def __reduce__(self) -> tuple[Any, ...]:
        return Record, (self.parts, self.came)

    @property
    def name(self) -> str:  # type: ignore[override]
        """What tells records of one form apart, once all is known; no word has a colon in its name."""
        if not self.came:
            return ABSENT.name
        return ", ".join(f"{spelled(name)}:{self.parts[name].name}" for name in self.names())

    def names(self) -> list[Label]:
        """The names of the fields, always in the same order."""
        return in_order(self.parts)

    def part(self, name: Label | None) -> Order:
        """What is in this field; for None, some word if the message came. ABSENT if it did not."""
        word = RETREAT if name is None else self.parts.get(name, ABSENT)
        return word if self.came is TRUE else ite(self.came, word, ABSENT)


def part_of(said: Order, label: Label) -> Order:
    """What is read under a label, where the message that it is of says this: of a field, what is in it."""
    if type(label) is not Part:
        return said
    return said.part(label.name) if isinstance(said, Record) else ABSENT


def filled(label: Label, order: Order) -> Order:
    """This order as it is said under a label: in every field, where it is that of a message of several fields."""
    return Record(dict.fromkeys(label.fields, order)) if type(label) is Form else order


def names_in(said: Iterable[Order]) -> Iterator[str]:
    """The names of all orders that are said, in fields or by themselves."""
    for order in said:
        yield from (one.name for one in order.parts.values()) if isinstance(order, Record) else (order.name,)


def by_name(said: Order) -> Named:
    """What is said, without objects: an order's name; of several fields, the name of what is in each."""
    return {name: said.part(name).name for name in said.names()} if isinstance(said, Record) else said.name


def named(said: Named, known: Mapping[str, Order]) -> Order:
    """What is said, from what `by_name` made of it; `known` has the orders by name."""
    return known[said] if isinstance(said, str) else Record({name: known[order] for name, order in said.items()})


NO_MESSAGE = Record({}, FALSE)
"""What a message says that did not come."""
