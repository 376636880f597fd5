"""The adversary: everything that traitors can say, as variables.

What a traitor can say is whatever a loyal receiver can read. Each read of (round, sender, receiver, label) from
a traitor is a site whose value may be any order or none; the orders that loyal generals start with are sites
too. There is no list of possible lies to get wrong. This module knows symbolic values; it does not know what
protocols do with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, cast

from byzverify.checking.symbolic import SymbolicAlgebra, SymbolicOrder
from byzverify.language.messages import General, Label, Site
from byzverify.language.values import ABSENT, RETREAT, Order

Orders = dict[General, Order]
Said = dict[Site, Order]


class Adversary:
    """Hands out the variables of one scenario, and reads an assignment of them back as orders and messages."""

    def __init__(self, algebra: SymbolicAlgebra) -> None:
        self.algebra = algebra
        self._two_orders = len(algebra.domain) == 2

    def start(self, general: General) -> SymbolicOrder:
        """The order that a loyal general starts with: any, but never none."""
        return self.algebra.variable(("order", general), RETREAT)

    def read(self, round: int, sender: General, receiver: General, label: Label, default: Order) -> SymbolicOrder:
        """What a loyal receiver reads from a traitor: any order, or none, which reads as `default`."""
        if default is RETREAT and self._two_orders:  # the same as below, for what most reads are
            attack = self.algebra.terms.variable((round, sender, receiver, label, 1))
            return SymbolicOrder(self.algebra, (-attack, attack), True)
        if default is RETREAT:
            return self.algebra.variable((round, sender, receiver, label), default)
        raw = self.algebra.variable((round, sender, receiver, label), ABSENT)
        return self.algebra.with_default(raw, default)

    def meaning(self, variables: Iterable[int], true_variables: Collection[int]) -> tuple[Orders, Said]:
        """The starting orders and the messages that an assignment of `variables` stands for.

        What is not among `variables` is left out: it does not matter.
        """
        indices: dict[tuple[object, ...], list[int]] = {}
        true: dict[tuple[object, ...], list[int]] = {}
        names = self.algebra.terms.names()
        for number in variables:
            *site, index = cast(tuple[Any, ...], names[number])
            indices.setdefault(tuple(site), []).append(index)
            if number in true_variables:
                true.setdefault(tuple(site), []).append(index)
        orders: Orders = {}
        said: Said = {}
        for named, known in indices.items():
            nothing = ABSENT if 0 in known else RETREAT
            order = self.algebra.domain[max(true[named])] if named in true else nothing
            if named[0] == "order":
                orders[cast(General, named[1])] = order
            else:
                said[cast(Site, named)] = order
        return orders, said
