"""Labels: what an order is about, and the questions that can be asked about a label.

An author writes plain labels: numbers, texts, and tuples of these. The language creates three kinds of its own: a
signed order travels under a `Chain`, a message of several fields travels under its `Form`, and each of its fields is
read under a `Part`. To find out what a label says, call a function of this module; only code that treats each kind
differently asks for the kind itself. This module knows names. It does not know values, or who sends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from byzverify.errors import RuleBroken, described, printable

Label = Any
"""What an order is about: a number, a string, or a tuple of labels; `()` where nothing needs to be said."""


class Stand:
    """A stand-in for a general, used where he is not known by his number. It may occur in labels, like a number."""

    __slots__ = ()


class Special:
    """A label that only the language creates, never an author."""

    __slots__ = ()


@dataclass(frozen=True)
class Chain(Special):
    """The label of a signed order: `ATTACK:0:2` is ATTACK, signed by general 0 and then by general 2.

    order: the name of the order. signers: the generals who signed, in sequence. Source: LSP 1982, section 4, which
    writes v:0:j_1:...:j_k.
    """

    order: str
    signers: tuple[int, ...]

    def __str__(self) -> str:
        return ":".join([self.order, *map(str, self.signers)])

    def signed(self, general: int) -> Chain:
        """This chain with one more signature."""
        return Chain(self.order, (*self.signers, general))

    def parts(self) -> list[Chain]:
        """The chains that it was made from, itself included: whoever has this chain also has those."""
        return [Chain(self.order, self.signers[: number + 1]) for number in range(len(self.signers))]


@dataclass(frozen=True, slots=True)
class Form(Special):
    """The label of a message of several fields, with the names of the fields. Messages that differ in either differ."""

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
class Part(Special):
    """The label of one field of a message; or, if `name` is None, of the fact that the message came."""

    form: Form
    name: Label | None


def form_of(label: Label, fields: Collection[Label]) -> Form:
    """The form of a message with this label and these fields. Raises RuleBroken if they cannot be fields."""
    form = Form(label, frozenset(names_of(fields)))
    if not fields:
        raise RuleBroken('a message without fields; give it one or more, such as fields=("value", "flag")')
    if len(form.fields) < len(fields):
        raise RuleBroken("names a field of a message twice")
    return form


def names_of(fields: Collection[Label]) -> list[Label]:
    """The names of fields as plain labels. Raises RuleBroken if they cannot be fields."""
    if isinstance(fields, str) or not isinstance(fields, Collection):
        raise RuleBroken('the fields of a message are a collection of names, such as fields=("value", "flag")')
    return [plain_label(name, "in the name of a field") for name in fields]


def is_plain(label: Label) -> bool:
    """Whether an author could have written the label: it is no chain, no form and no part of a form."""
    return not issubclass(type(label), Special)  # isinstance would ask a general's name for its type


def plain_label(label: Label, where: str = "in a label") -> Label:
    """The label without its author's classes, such as enums and named tuples: the form in which it travels. Labels that
    differ only in their classes are the same label. Raises RuleBroken for anything that cannot be a label.
    """
    kind = type(label)  # isinstance would ask a general's name for its type
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
    """A label as people write it: `0-2` for the path (0, 2), `ATTACK:0:2` for a chain; nested paths in parentheses.

    A message of several fields is written as its label, a field as that label and the field's name: `report.value`.
    """
    if isinstance(label, Form):
        return spelled(label.label)
    if isinstance(label, Part):
        return ".".join(filter(None, [spelled(label.form), "came" if label.name is None else spelled(label.name)]))
    if isinstance(label, tuple):
        return "-".join(f"({spelled(part)})" if isinstance(part, tuple) else spelled(part) for part in label)
    return printable(str(label))


def in_order(names: Iterable[Label]) -> list[Label]:
    """Names in an order that depends only on the names."""
    return sorted(names, key=lambda name: (spelled(name), repr(name)))


def signers_of(label: Label) -> tuple[int, ...]:
    """The generals who signed under this label, in sequence; none unless it is a chain."""
    return label.signers if type(label) is Chain else ()


def chains_in(labels: Iterable[Label]) -> Iterator[Chain]:
    """The chains among labels."""
    return (label for label in labels if type(label) is Chain)


def without_fields(label: Label) -> Label:
    """The label that an author gave to a message, without the names of its fields if it has any."""
    return label.label if type(label) is Form else label


def message_of(label: Label) -> Label:
    """The label of the message that is read under this label: for a field, the form of the whole message."""
    return label.form if type(label) is Part else label


def readings_of(label: Label) -> Sequence[Label]:
    """The labels under which a message with this label is read: for a message of several fields, all its parts."""
    return label.parts() if type(label) is Form else [label]


def is_arrival(label: Label) -> bool:
    """Whether this label reads the fact that a message of several fields came, instead of an order."""
    return type(label) is Part and label.name is None
