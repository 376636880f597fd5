"""Traitors: what they say in place of what a loyal general would have said.

A traitor's *shadow* is a loyal general with the traitor's inbox. A strategy sees what the shadow would send a receiver
in a round, and answers with what the traitor sends him. It acts on the channel; no general's program knows of it.
"""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from byzverify.errors import UsageError
from byzverify.language.labels import Chain, Form, Label
from byzverify.language.messages import EVERYONE, General, Likeness, Site
from byzverify.language.records import Record
from byzverify.language.values import ABSENT, Order, is_absent
from byzverify.scenario.behaviour import Address, Behaviour
from byzverify.simulation.post import Content


class Strategy(ABC):
    """How traitors act."""

    @abstractmethod
    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        """What traitor `sender` sends `receiver` when a loyal general would send `honest`."""


class Alternate(Strategy):
    """Say the next order of the domain (of two orders: the other one) to every receiver at an even position."""

    def __init__(self, orders: Sequence[Order]) -> None:
        names = [order.name for order in orders]
        self._next = dict(zip(names, [*orders[1:], orders[0]], strict=True))

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        if receiver % 2:
            return honest
        return dict(_resaid(label, order, self._after) for label, order in honest.items())

    def _after(self, order: Order) -> Order:
        return self._next.get(order.name, order)


class Silent(Strategy):
    """Say nothing."""

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        return {}


class Random(Strategy):
    """Wherever a loyal general says something, say any order or nothing, with equal probability, from the seed.

    A message of several fields may be left out, and each of its fields is drawn independently.
    """

    def __init__(self, orders: Sequence[Order], seed: int) -> None:
        self._choices = [*orders, ABSENT]
        self._random = random.Random(seed)

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        kept = (one for one in honest.items() if not isinstance(one[1], Record) or self._any(one[1]) is not ABSENT)
        return dict(_resaid(label, order, self._any) for label, order in kept)

    def _any(self, order: Order) -> Order:
        return self._random.choice(self._choices)


class Script(Strategy):
    """Say to other generals exactly what is written, and nothing else."""

    def __init__(self, letters: Mapping[Address, Content]) -> None:
        self._letters = letters

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        return honest if receiver == sender else self._letters.get((round, sender, receiver), {})


class Deviation(Strategy):
    """Say what is written for a site, elsewhere what a loyal general would say, and nothing after a crash.

    A site whose receiver is `EVERYONE` stands for all other generals. A form without fields means that no message of
    several fields is sent under its label.
    """

    def __init__(self, behaviour: Behaviour) -> None:
        self._crashed = behaviour.crashed
        self._letters = behaviour.letters

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        if round > self._crashed.get(sender, round):
            return {}
        told = {**self._letters.get((round, sender, EVERYONE), {}), **self._letters.get((round, sender, receiver), {})}
        silenced = {label.label for label in told if type(label) is Form and not label.fields}
        if silenced:
            honest = {one: said for one, said in honest.items() if type(one) is not Form or one.label not in silenced}
        return {**honest, **told}


class Uniform(Strategy):
    """Say at each site what is written for the site that it is like; if nothing is, what a loyal general would say."""

    def __init__(self, said: Mapping[Site, Order], alike: Likeness) -> None:
        self._said = said
        self._alike = alike
        self._between: dict[Site, list[Site]] = {}
        for site in said:
            self._between.setdefault((*site[:3], ()), []).append(site)

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        like = {label: self._alike.representative((round, sender, receiver, label)) for label in honest}
        content = {label: self._said.get(like[label], order) for label, order in honest.items()}
        met = Counter(like.values())
        for site in self._between.get(self._alike.representative((round, sender, receiver, ())), ()):
            if met[site] < self._alike.how_many_labels(site, sender, receiver):  # a loyal general says less
                labels = self._alike.labels(site, sender, receiver)
                content |= dict.fromkeys(labels, self._said[site])
        return content


def _resaid(label: Label, said: Order, other: Callable[[Order], Order]) -> tuple[Label, Order]:
    """The entry with another order: in each field, if it is a message of several; in the chain, if it is signed."""
    if isinstance(said, Record):
        return label, Record({name: other(order) for name, order in said.parts.items()})
    order = other(said)
    if isinstance(label, Chain) and not is_absent(order):
        return Chain(order.name, label.signers), order
    return label, order


SCRIPTED: dict[str, Callable[[Sequence[Order], int], Strategy]] = {
    "alternate": lambda orders, seed: Alternate(orders),
    "silent": lambda orders, seed: Silent(),
    "random": Random,
}
"""The strategies that users choose by name. Each is made from the orders that can be said and a seed."""


def scripted(name: str, orders: Sequence[Order], seed: int) -> Strategy:
    """The strategy called `name`. Raises UsageError if there is none."""
    if name not in SCRIPTED:
        raise UsageError(f"no strategy is called {name!r}; there are {', '.join(SCRIPTED)}")
    return SCRIPTED[name](orders, seed)
