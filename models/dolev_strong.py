"""Authenticated broadcast: Dolev & Strong, "Authenticated Algorithms for Byzantine Agreement", SIAM J. Comput. 12(4),
1983.

Round r counts only orders that r different generals have signed, the commander first. Who extracts an order for the
first time signs it and passes it on, but passes on two orders at most: who has seen two knows that the commander is a
traitor, and so does whoever he tells. So a loyal general sends a bounded number of orders, whatever the traitors do.
"""

from byzverify.language import (
    BYZANTINE_GENERALS,
    COMMANDER,
    FALSE,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Truth,
    any_of,
    how_many,
    ite,
    sign,
)


class DolevStrong(Protocol):
    """Broadcast with signatures in m+1 rounds, no general passing on more than two orders."""

    m: int
    values: int = 3
    problem = BYZANTINE_GENERALS
    claim = "IC1 and IC2 for at most m traitors, any n (Dolev & Strong 1983)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"Dolev-Strong needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return self.is_complete and t <= self.m

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield [sign(v, order == v, without=[me]) for v in self.orders]
            return order

        extracted: dict[Order, Truth] = dict.fromkeys(self.orders, FALSE)
        relayed = None
        for signatures in range(1, self.m + 2):
            inbox = yield relayed
            relayed = []
            for v in self.orders:
                found = [inbox.signed(v, path) for path in self.paths(signatures, me)]
                wanted = ~extracted[v] & (how_many(extracted.values()) < 2)
                relayed += [sign(one, wanted, without=(me, *one.signers)) for one in found]
                extracted[v] |= wanted & any_of(one.came for one in found)

        decision = RETREAT  # the commander is a traitor, unless exactly one order was extracted
        for v in self.orders:
            decision = ite(extracted[v] & (how_many(extracted.values()) == 1), v, decision)
        return decision
