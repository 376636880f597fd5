"""Adversaries by number, for runs of programs: who fails, and what they say, much of it nonsense."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from byzverify.language.faults import Budget, Faults
from byzverify.language.messages import General, Label
from byzverify.language.protocol import Protocol
from byzverify.language.values import Order
from byzverify.simulation.post import Content
from byzverify.simulation.traitors import Strategy, scripted

BABBLING = 1
"""Of four adversaries by number, which one talks nonsense."""


class Babble(Strategy):
    """Say any order, or nothing, where a loyal general says something, and under labels that no loyal general uses."""

    def __init__(self, orders: tuple[Order, ...], n: int, seed: int) -> None:
        self._orders = orders
        self._n = n
        self._random = random.Random(seed)

    def says(self, round: int, sender: General, receiver: General, honest: Content) -> Content:
        labels = [*honest, *self._nonsense(sender, receiver)]
        return {label: self._random.choice(self._orders) for label in labels if self._random.random() < 0.8}

    def _nonsense(self, sender: General, receiver: General) -> Iterator[Label]:
        """Labels that are near a path, and are not the sender's to use, or not at this time; and some far from any."""
        others = [general for general in range(1, self._n) if general not in (sender, receiver)]
        yield from ((0,), (0, sender), (0, *others[:1], sender), (0, *others[:2], sender))
        yield from ((), (sender,), (0, receiver, sender), (0, 0, sender), (0, sender, sender), (0, *others[:1]))
        yield from (sender, "0", "", '\u2028\n"\\,]}', ("0", sender), ((0,), sender), (0, str(sender)), (0, (sender,)))
        yield from ((0, self._n, sender), (-1, sender), (10**30, sender), ("n0", f"n{sender}"), tuple(range(1000)))
        yield nested(60)


def nested(depth: int) -> Label:
    label: Label = ()
    for _ in range(depth):
        label = (label,)
    return label


@dataclass(frozen=True)
class Adversary:
    """Who fails, how, and what they say; a strategy that draws must be made anew for each run."""

    faults: Faults
    orders: dict[General, Order]
    strategy: Callable[[], Strategy]


def scripts(model: Protocol, faults: Budget, number: int) -> Adversary:
    """The adversary of this number, with as many traitors as are allowed; of every three, one has the commander."""
    draw = random.Random(f"{model} {number}")
    modes = [mode for mode, most in faults.items() for _ in range(most)]
    present = draw.sample(range(model.n), len(modes))
    if number % 3 == 1 and 0 not in present:
        present[0] = 0
    order = model.orders[(number + 1) % len(model.orders)]
    made: list[Callable[[], Strategy]] = [
        lambda: scripted("random", model.orders, number),
        lambda: Babble(tuple(model.orders), model.n, number),
        lambda: scripted("alternate", model.orders, number),
        lambda: scripted("silent", model.orders, number),
    ]
    return Adversary(dict(zip(present, modes, strict=True)), {0: order}, made[number % len(made)])
