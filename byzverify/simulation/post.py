"""The post: how orders travel in the simulator, as JSON texts between generals who share nothing else.

A letter is everything that one general sends another in one round: `[[label, order], ...]`, orders by name,
labels with lists for tuples and objects for chains of signatures. An absent order is not written. This module knows
nothing of programs, rounds or traitors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from byzverify.errors import ProtocolError, RuleBroken
from byzverify.language.messages import Chain, General, Inbox, Label
from byzverify.language.values import Order

Content = dict[Label, Order]
"""The orders of one letter by label."""


class Mailbox(Inbox):
    """The letters that reached one general in one round, by sender; each is opened when it is first read."""

    def __init__(self, letters: Mapping[General, str], names: Mapping[str, Order]) -> None:
        self._letters = letters
        self._names = names
        self._opened: dict[General, Content] = {}

    def _read(self, sender: General, label: Label, default: Order) -> Order:
        content = self._opened.get(sender)
        if content is None:
            if sender not in self._letters:
                raise RuleBroken(f"reads from general {sender!r}, and there is no such general")
            content = self._opened[sender] = opened(self._letters[sender], self._names)
        return content.get(label, default)


def sealed(content: Content) -> str:
    """The letter with this content. Raises ProtocolError for a label that JSON cannot write."""
    try:
        return json.dumps([(label, order.name) for label, order in content.items()], allow_nan=False, default=_chain)
    except (TypeError, ValueError) as error:
        raise ProtocolError(f"a label must be a number, a string or a tuple of labels: {error}") from None


def _chain(label: object) -> object:
    if not isinstance(label, Chain):
        raise TypeError(f"{label!r} is none of these")
    return {"order": label.order, "signers": label.signers}


def opened(letter: str, names: Mapping[str, Order]) -> Content:
    """The content of a letter. `names` has the orders that exist, by name."""
    orders = json.loads(letter)
    try:  # most labels are flat
        return {tuple(label) if type(label) is list else label: names[name] for label, name in orders}
    except TypeError:
        return {as_label(label): names[name] for label, name in orders}


def as_label(value: Any) -> Label:
    """A label read from JSON: its lists are tuples again."""
    if type(value) is dict:
        return Chain(value["order"], tuple(value["signers"]))
    if type(value) is not list:
        return value
    return tuple(map(as_label, value) if {list, dict} & {*map(type, value)} else value)
