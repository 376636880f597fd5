"""What a general hands to the network, and what the network hands to him.

A message is one order under a label; the label says what the order is about (OM labels an order with the path that
it came along). In one round a general sends a receiver at most one order under each label. This module knows values
and nothing of how messages travel: the simulator and the checker each bring an `Inbox` of their own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from typing import Any, NoReturn

from byzverify.errors import RuleBroken
from byzverify.language.values import ABSENT, Order

General = int
"""A general's number, 0 to n-1. Where a problem has a commander, he is number 0."""

Label = Any
"""What an order is about: a number, a string, or a tuple of labels; `()` where nothing needs to be said."""


Site = tuple[int, General, General, Label]
"""One place in a run where an order is told: (round, counted from 1; sender; receiver; label)."""


class Dispatch:
    """One order under one label, and who is to get it."""

    __slots__ = ("label", "to", "value", "without")

    def __init__(
        self, value: Order, label: Label, to: Collection[General] | None, without: Collection[General]
    ) -> None:
        self.value = value
        self.label = label
        self.to = to if to is None else tuple(to)  # as it is now: the author may change his list later
        self.without = tuple(without)

    def reaches(self, receiver: General) -> bool:
        """Whether `receiver` is one of those who are to get it."""
        return receiver not in self.without and (self.to is None or receiver in self.to)


Outbox = Dispatch | Iterable[Dispatch] | None
"""What a general yields: one dispatch, several, or None to send nothing this round."""


def broadcast(value: Order, label: Label = (), without: Collection[General] = ()) -> Dispatch:
    """Send `value` under `label` to every general, oneself included, but those in `without`."""
    if type(without) is not tuple and not isinstance(without, Collection):
        raise RuleBroken("broadcast(without=...): give a collection of generals, such as [me]")
    return Dispatch(value, label, None, without)


def send(value: Order, to: Collection[General], label: Label = ()) -> Dispatch:
    """Send `value` under `label` to the generals in `to`."""
    if not isinstance(to, Collection):
        raise RuleBroken("send(to=...): give a collection of generals, such as [me]")
    return Dispatch(value, label, to, ())


class Inbox(ABC):
    """What reached one general in one round.

    `inbox[sender]` is the order that came from `sender` under no label, `inbox[sender, label]` the one under
    `label`; both are `ABSENT` where nothing came. Assumptions A1-A3 of LSP 1982: what a loyal general sends
    arrives, the receiver knows from whom, and he notices when nothing comes.
    """

    def get(self, sender: General, label: Label = (), default: Order = ABSENT) -> Order:
        """The order from `sender` under `label`, or `default` where nothing came."""
        if isinstance(label, Order):
            raise RuleBroken("an order where a label is wanted: inbox.get(sender, label, default=order)")
        return self._read(sender, label, default)

    @abstractmethod
    def _read(self, sender: General, label: Label, default: Order) -> Order:
        """What `get` gives; each execution has its own way."""

    def __iter__(self) -> NoReturn:
        raise RuleBroken("goes through an inbox; read from each sender: [inbox[sender] for sender in self.generals]")

    __contains__ = __iter__

    def __getitem__(self, key: Any) -> Order:
        if isinstance(key, tuple):
            sender, label = key
            return self.get(sender, label)
        return self.get(key)
