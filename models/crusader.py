"""Crusader agreement: Dolev, "The Byzantine Generals Strike Again", Journal of Algorithms 3(1), 1982.

Less than Byzantine agreement, and done in two rounds: if the commander is loyal, everyone obeys his order; if he is
not, some loyal lieutenants may find that out, and the others obey one order.
"""

from byzverify.language import (
    COMMANDER,
    CRUSADER_AGREEMENT,
    FAULTY,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    broadcast,
    count,
    ite,
)


class Crusader(Protocol):
    """Two rounds: the commander sends, everyone passes on, and who does not see n-1-m alike calls him faulty."""

    m: int
    problem = CRUSADER_AGREEMENT
    claim = "CR1 and IC2 for n > 3m and at most m traitors (Dolev 1982)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"crusader agreement needs 0 <= m <= n-2: not n={self.n}, m={self.m}")

    def tolerates(self, t: int) -> bool:
        return self.is_complete and t <= self.m and self.n > 3 * self.m

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order

        inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT))
        reports = [inbox[j] for j in self.lieutenants]
        decision = FAULTY
        for candidate in self.orders:
            decision = ite(count(reports, candidate) >= self.n - 1 - self.m, candidate, decision)
        return decision
