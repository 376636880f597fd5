"""Labels: what an order is about, and what else can be asked of the label that something travels or is read under.

An author writes plain labels: numbers, texts, and tuples of these. The language makes three kinds of its own: what is
signed travels under a `Chain`, a message of several fields under its `Form`, and what is read in one of its fields is
read under a `Part`. Whoever needs to know what a label says asks a function of this module; of which kind a label is,
only those ask who do something else with each kind. This module knows names. It does not know values, or who sends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from byzverify.errors import RuleBroken, described, printable

Label = Any
"""What an order is about: a number, a string, or a tuple of labels; `()` where nothing needs to be said."""


class Stand:
    """What stands for a general where he is not known by his number. It may be in a label, as his number may."""

    __slots__ = ()


class Special:
    """A label that the language makes, and no author writes."""

    __slots__ = ()


@dataclass(frozen=True)
class Chain(Special):
    """The label of a signed order: `ATTACK:0:2` is ATTACK, signed by general 0, and that signed by general 2.

    order: its name. signers: the signatures, first the first. Source: LSP 1982, section 4, which writes
    v:0:j_1:...:j_k.
    """

    order: str
    signers: tuple[int, ...]

    def __str__(self) -> str:
        return ":".join([self.order, *map(str, self.signers)])

    def signed(self, general: int) -> Chain:
        """This chain with one more signature."""
        return Chain(self.order, (*self.signers, general))

    def parts(self) -> list[Chain]:
        """The chains that it was made from, itself included: who has it has them, too."""
        return [Chain(self.order, self.signers[: number + 1]) for number in range(len(self.signers))]


@dataclass(frozen=True, slots=True)
class Form(Special):
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
class Part(Special):
    """The label of one field of a message; or, if `name` is None, of the fact that the message came."""

    form: Form
    name: Label | None


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


def is_plain(label: Label) -> bool:
    """Whether an author could have written the label: it is no chain, no form and no part of one."""
    return not issubclass(type(label), Special)  # isinstance would ask a general's name of which type it is


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


def in_order(names: Iterable[Label]) -> list[Label]:
    """Names in an order that depends on nothing else."""
    return sorted(names, key=lambda name: (spelled(name), repr(name)))


def signers_of(label: Label) -> tuple[int, ...]:
    """Who signed what travels under a label, first the first; nobody, unless the label is a chain."""
    return label.signers if type(label) is Chain else ()


def chains_in(labels: Iterable[Label]) -> Iterator[Chain]:
    """The chains among labels."""
    return (label for label in labels if type(label) is Chain)


def without_fields(label: Label) -> Label:
    """The label that a message was given, without the names of its fields if it has any."""
    return label.label if type(label) is Form else label


def message_of(label: Label) -> Label:
    """The label of the message that is read under this label: of a field, the form of the whole."""
    return label.form if type(label) is Part else label


def readings_of(label: Label) -> Sequence[Label]:
    """The labels under which a message that travels under this one is read: of several fields, all its parts."""
    return label.parts() if type(label) is Form else [label]


def is_arrival(label: Label) -> bool:
    """Whether what is read under a label is that a message of several fields came, and not an order."""
    return type(label) is Part and label.name is None
