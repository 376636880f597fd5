"""Traitors: what they say in place of what a loyal general would have said.

A strategy sees what the traitor's *shadow*, a loyal general with the traitor's inbox, would send a receiver in
a round, and answers with what the traitor sends him. It acts on the channel; no general's program knows of it.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence

from byzverify.errors import UsageError
from byzverify.language.messages import General, Site
from byzverify.language.values import ABSENT, Order
from byzverify.simulation.post import Content


class Strategy(ABC):
    """How traitors act."""

    @abstractmethod
    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        """What traitor `sender` sends `receiver`, where a loyal general would send `honest`."""


class Alternate(Strategy):
    """Say the next order of the domain (of two orders: the other one) to every receiver at an even position."""

    def __init__(self, orders: Sequence[Order]) -> None:
        names = [order.name for order in orders]
        self._next = dict(zip(names, [*orders[1:], orders[0]], strict=True))

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        if receiver % 2:
            return honest
        return {label: self._next.get(order.name, order) for label, order in honest.items()}


class Silent(Strategy):
    """Say nothing."""

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        return {}


class Random(Strategy):
    """Where a loyal general says something, say any order or nothing, each as likely; the seed decides."""

    def __init__(self, orders: Sequence[Order], seed: int) -> None:
        self._choices = [*orders, ABSENT]
        self._random = random.Random(seed)

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        return {label: self._random.choice(self._choices) for label in honest}


class Script(Strategy):
    """Say others exactly what is written, and nothing else."""

    def __init__(self, messages: Mapping[tuple[int, General, General], Content]) -> None:
        self._messages = messages

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        return honest if receiver == sender else self._messages.get((round, sender, receiver), {})


class Deviation(Strategy):
    """Say what is written for a site, and elsewhere what a loyal general would say."""

    def __init__(self, said: Mapping[Site, Order]) -> None:
        self._said: dict[tuple[int, General, General], Content] = {}
        for (round, sender, receiver, label), order in said.items():
            self._said.setdefault((round, sender, receiver), {})[label] = order

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        return {**honest, **self._said.get((round, sender, receiver), {})}


def scripted(name: str, orders: Sequence[Order], seed: int) -> Strategy:
    """The strategy called `name`. Raises UsageError if there is none."""
    strategies: dict[str, Callable[[], Strategy]] = {
        "alternate": lambda: Alternate(orders),
        "silent": Silent,
        "random": lambda: Random(orders, seed),
    }
    if name not in strategies:
        raise UsageError(f"no strategy is called {name!r}; there are {', '.join(strategies)}")
    return strategies[name]()
