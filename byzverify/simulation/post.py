"""The post: orders travel in the simulator as JSON texts, and generals share nothing else.

A letter is everything that one general sends another in one round: `[[label, order], ...]`. An order is written as
its name. In labels, lists stand for tuples and objects for chains of signatures. Absent orders are not written. A
message of several fields has an object as its label, and a list of its fields with their orders in place of one
order; null stands for an empty field. This module knows nothing about programs, rounds or traitors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from byzverify.errors import ProtocolError, RuleBroken
from byzverify.language.labels import Chain, Form, Label, Part, form_of
from byzverify.language.messages import General, Inbox
from byzverify.language.records import Record, part_of
from byzverify.language.values import ABSENT, Order, is_absent

Content = dict[Label, Order]
"""The orders of one letter, by label. A message of several fields is a record under its form."""


class Mailbox(Inbox):
    """The letters that reached one general in one round, by sender. Each is parsed when it is first read."""

    def __init__(self, letters: Mapping[General, str], names: Mapping[str, Order]) -> None:
        self._letters = letters
        self._names = names
        self._opened: dict[General, Content] = {}

    def _read(self, sender: General, label: Label, default: Order) -> Order:
        content = self._opened.get(sender)
        if content is None:
            if sender not in self._letters:
                raise RuleBroken(f"reads from general {sender!r}, who does not exist")
            content = self._opened[sender] = opened(self._letters[sender], self._names)
        return _field(content, label, default) if type(label) is Part else content.get(label, default)


def sealed(content: Content) -> str:
    """The letter with this content. Raises ProtocolError for a label that JSON cannot write."""
    try:
        said = [
            (label, order.name) if type(order) is not Record else _fields(label, order)
            for label, order in content.items()
        ]
        return json.dumps(said, allow_nan=False, default=_chain)
    except (TypeError, ValueError) as error:
        raise ProtocolError(f"a label must be a number, a string or a tuple of labels: {error}") from None


def _fields(form: Form, record: Record) -> tuple[object, object]:
    """A message of several fields, as the letter has it."""
    named = [(name, None if is_absent(one) else one.name) for name, one in record.parts.items()]
    return {"message": form.label}, named


def _field(content: Content, part: Part, default: Order) -> Order:
    """What a program reads in a field of a message, or about whether the message came."""
    order = part_of(content.get(part.form, ABSENT), part)
    return default if is_absent(order) else order


def _chain(label: object) -> object:
    if not isinstance(label, Chain):
        raise TypeError(f"{label!r} is none of these")
    return {"order": label.order, "signers": label.signers}


def opened(letter: str, names: Mapping[str, Order]) -> Content:
    """The content of a letter. `names` has the orders that exist, by name."""
    entries = json.loads(letter)
    try:  # most labels are flat
        return {tuple(label) if type(label) is list else label: names[name] for label, name in entries}
    except TypeError:
        return dict(_said(label, what, names) for label, what in entries)


def _said(label: Any, what: Any, names: Mapping[str, Order]) -> tuple[Label, Order]:
    if type(what) is not list:
        return as_label(label), names[what]
    record = Record({as_label(name): ABSENT if order is None else names[order] for name, order in what})
    return form_of(as_label(label["message"]), record.parts), record


def as_label(value: Any) -> Label:
    """A label read from JSON, with tuples for its lists."""
    if type(value) is dict:
        return Chain(value["order"], tuple(value["signers"]))
    if type(value) is not list:
        return value
    return tuple(map(as_label, value) if {list, dict} & {*map(type, value)} else value)
