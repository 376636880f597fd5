"""Messages of several fields: orders under names of their own that travel as one message, whole or not at all.

Such a message has a `Form`, its label and the names of its fields, and its form is what it travels under: who reads it
with other fields than it has, or without fields, reads another message. What it says is a `Record`. Everything that
carries messages handles a form like any label and a record like any order; who computes with what a message says takes
it apart, and reads a `Part`. This module knows values and names. It does not know who sends, or how messages travel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from byzverify.errors import RuleBroken, described, printable
from byzverify.language.values import ABSENT, FALSE, PLAIN, RETREAT, TRUE, Order, Truth, ite

Label = Any
"""What an order is about: a number, a string, or a tuple of labels; `()` where nothing needs to be said."""


class Stand:
    """What stands for a general where he is not known by his number. It may be in a label, as his number may."""

    __slots__ = ()


def plain_label(label: Label, where: str = "in a label") -> Label:
    """The label without its author's classes, such as members of an enumeration or named tuples: what is written of it
    where it travels. Labels that differ in their class alone are one label. Raises RuleBroken for what can be no label.
    """
    kind = type(label)  # isinstance would ask a general's name of which type it is
    if kind is str or kind is int or issubclass(kind, Stand):
        return label
    if issubclass(kind, tuple):
        return tuple([plain_label(part, where) for part in tuple.__iter__(label)])
    if issubclass(kind, str):
        return str.__str__(label)
    if not issubclass(kind, int) or kind is bool:
        raise RuleBroken(f"{described(label)} {where}, which is a whole number, a text or a tuple of these")
    return int.__int__(label)


def spelled(label: Label) -> str:
    """A label as people write it: `0-2` for the path (0, 2), `ATTACK:0:2` for a chain; nested ones in parentheses.

    A message of several fields is called by its label, a field by its name behind that: `report.value`.
    """
    if isinstance(label, Form):
        return spelled(label.label)
    if isinstance(label, Part):
        return ".".join(filter(None, [spelled(label.form), "came" if label.name is None else spelled(label.name)]))
    if isinstance(label, tuple):
        return "-".join(f"({spelled(part)})" if isinstance(part, tuple) else spelled(part) for part in label)
    return printable(str(label))


@dataclass(frozen=True, slots=True)
class Form:
    """The label of a message of several fields, and the names of these: both tell it from other messages."""

    label: Label
    fields: frozenset[Label]

    def __str__(self) -> str:
        return f"{spelled(self.label)}({', '.join(map(spelled, self.names()))})"

    def names(self) -> list[Label]:
        """The names of the fields, always in the same order."""
        return in_order(self.fields)

    def parts(self) -> list[Part]:
        """All that can be read of it: whether it came, and each field."""
        return [Part(self, None), *(Part(self, name) for name in self.names())]


@dataclass(frozen=True, slots=True)
class Part:
    """The label of one field of a message; or, if `name` is None, of the fact that the message came."""

    form: Form
    name: Label | None


def in_order(names: Iterable[Label]) -> list[Label]:
    """Names in an order that depends on nothing else."""
    return sorted(names, key=lambda name: (spelled(name), repr(name)))


def message_of(label: Label) -> Label:
    """The label of the message that is read under this label: of a field, the form of the whole."""
    return label.form if type(label) is Part else label


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


def form_of(label: Label, fields: Collection[Label]) -> Form:
    """The form of a message with this label and these fields. Raises RuleBroken where these cannot be fields."""
    form = Form(label, frozenset(names_of(fields)))
    if not fields:
        raise RuleBroken('a message without fields; it has one or more, such as fields=("value", "flag")')
    if len(form.fields) < len(fields):
        raise RuleBroken("names a field of a message twice")
    return form


def names_of(fields: Collection[Label]) -> list[Label]:
    """The names of fields, plain. Raises RuleBroken where these cannot be fields."""
    if isinstance(fields, str) or not isinstance(fields, Collection):
        raise RuleBroken('the fields of a message are a collection of names, such as fields=("value", "flag")')
    return [plain_label(name, "in the name of a field") for name in fields]
