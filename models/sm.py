"""SM(m), the signed-messages algorithm of Lamport, Shostak & Pease, "The Byzantine Generals Problem", TOPLAS 4(3),
1982, sections 4 and 5.

The commander signs his order and sends it; whoever gets an order that is new to him adds his signature and passes it
on. Its *signers* (0, 2, 5) are generals 0, 2 and 5 in that order; round r delivers orders with r signers. Section 5
runs the same algorithm on a graph, where orders go to neighbours only: SM(m+d-1) is enough wherever the loyal
generals among themselves are joined with diameter d or less.
"""

from collections.abc import Collection
from dataclasses import replace

from byzverify.language import (
    COMMANDER,
    FALSE,
    IC1,
    IC2,
    RETREAT,
    General,
    Order,
    Problem,
    Program,
    Protocol,
    Truth,
    any_of,
    diameter_of,
    how_many,
    ite,
    sign,
)


class SM(Protocol):
    """Signed messages; m+d rounds, of which d > 1 is for graphs on which not everyone is everyone's neighbour."""

    m: int
    d: int = 1
    claim = "IC1 and IC2 for at most m traitors; on a graph, if the loyal have diameter d (LSP 1982, Theorems 2, 4)"

    def joined(self, generals: Collection[General]) -> bool:
        diameter = 1 if self.is_complete else diameter_of(self.network, generals)
        return diameter is not None and diameter <= self.d

    problem = Problem(
        "Byzantine generals",
        (
            replace(IC1, concerns=joined, needs_loyal=None),
            replace(IC2, concerns=lambda self, loyal: COMMANDER in loyal and self.joined(loyal), needs_loyal=None),
        ),
        has_commander=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"SM(m) needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")
        diameter = 1 if self.is_complete else diameter_of(self.network, range(self.n))
        self.require(diameter is not None, f"the graph {self.graph} is not connected: orders cannot reach everyone")
        self.require(self.joined(range(self.n)), f"the graph has diameter {diameter}: d={self.d} is less than that")

    def tolerates(self, t: int) -> bool:
        return t <= self.m

    def general(self, me: General, order: Order) -> Program:
        # Step 1: the commander signs and sends his order to every lieutenant.
        if me == COMMANDER:
            yield [sign(v, order == v, without=[me]) for v in self.orders]
            return order

        # Step 2: each order that is new, with k signatures, goes into V and, if k <= m+d-1, signed to those not on it.
        obeyed: dict[Order, Truth] = dict.fromkeys(self.orders, FALSE)  # the set V: whether each order is in it
        relayed = None
        for k in range(1, self.m + self.d + 1):
            inbox = yield relayed
            relayed = []
            for v in self.orders:
                found = [inbox.signed(v, signers) for signers in self.signers(me, k)]
                relayed += [sign(one, ~obeyed[v], without=(me, *one.signers)) for one in found]
                obeyed[v] |= any_of(one.came for one in found)

        # Step 3: obey choice(V), which is the only order in V, or RETREAT.
        choice = RETREAT
        for v in self.orders:
            choice = ite(obeyed[v] & (how_many(obeyed.values()) == 1), v, choice)
        return choice

    def signers(self, me: General, k: int) -> list[tuple[General, ...]]:
        """The k different generals, the commander first, who can have signed an order that comes to `me`."""
        paths: list[tuple[General, ...]] = [(COMMANDER,)]
        for _ in range(k - 1):
            paths = [(*path, j) for path in paths for j in self.neighbours(path[-1]) if j not in path and j != me]
        return [path for path in paths if path[-1] in self.neighbours(me)]
