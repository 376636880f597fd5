"""Messages of several fields: orders under names of their own that travel as one message, whole or not at all.

The *form* of such a message is its label with the names of its fields, and the message travels under its form: a
receiver who reads it with other fields, or without fields, reads a different message. Its content is a `Record`. Code
that carries messages treats a form like any label and a record like any order. Code that computes with the content
takes it apart, and reads each `Part`. This module knows values and labels. It does not know who sends, or how messages
travel.
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
"""What a message says, by name: the name of its order, or the name of the order in each field."""


class Record(Order):
    """What a message of several fields says: an order in each field, or ABSENT if the field is empty.

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
        """A text that distinguishes plain records of one form. It contains a colon, which no order's name does."""
        if not self.came:
            return ABSENT.name
        return ", ".join(f"{spelled(name)}:{self.parts[name].name}" for name in self.names())

    def names(self) -> list[Label]:
        """The names of the fields, always in the same order."""
        return in_order(self.parts)

    def part(self, name: Label | None) -> Order:
        """The order in this field; for None, any order if the message came. ABSENT if the message did not come."""
        word = RETREAT if name is None else self.parts.get(name, ABSENT)
        return word if self.came is TRUE else ite(self.came, word, ABSENT)


def part_of(said: Order, label: Label) -> Order:
    """What is read under a label if the message under it says this: for a field, the order in the field."""
    if type(label) is not Part:
        return said
    return said.part(label.name) if isinstance(said, Record) else ABSENT


def filled(label: Label, order: Order) -> Order:
    """The order as it is said under a label: for a message of several fields, the same order in every field."""
    return Record(dict.fromkeys(label.fields, order)) if type(label) is Form else order


def names_in(said: Iterable[Order]) -> Iterator[str]:
    """The names of all orders in these messages, in fields or by themselves."""
    for order in said:
        yield from (one.name for one in order.parts.values()) if isinstance(order, Record) else (order.name,)


def by_name(said: Order) -> Named:
    """What a message says, by name: the name of its order, or the name of the order in each field."""
    return {name: said.part(name).name for name in said.names()} if isinstance(said, Record) else said.name


def named(said: Named, known: Mapping[str, Order]) -> Order:
    """The message that `by_name` turned into names; `known` has the orders by name."""
    return known[said] if isinstance(said, str) else Record({name: known[order] for name, order in said.items()})


NO_MESSAGE = Record({}, FALSE)
"""The content of a message of several fields that did not come."""
