"""Crusader agreement in which one report fewer than n-m is enough, the commander's own order being one of n reports.

An easy slip, by one: compare Dolev, "The Byzantine Generals Strike Again", Journal of Algorithms 3(1), 1982, where all
but m of the reports must be alike. Who sees two orders so often calls the commander faulty.
"""

from byzverify.language import (
    ABSENT,
    COMMANDER,
    IC2,
    RETREAT,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    any_of,
    broadcast,
    count,
    how_many,
    ite,
)

FAULTY = ABSENT  # the decision that the commander is a traitor: to obey nothing


def _obey_one_order(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = (outcome.decisions[witness] for witness in witnesses)
    return any_of([one == other, one == FAULTY, other == FAULTY])


CRUSADER_AGREEMENT = Problem(
    "crusader agreement",
    has_commander=True,
    conditions=(
        Condition(
            "CR1",
            "no two loyal lieutenants obey different orders (but some may obey nothing, and call the commander faulty)",
            _obey_one_order,
            witnesses=2,
            needs_loyal=2,
        ),
        IC2,
    ),
)


class CrusaderTooLenient(Protocol):
    """Two rounds, with a threshold of n-m-1 of n."""

    m: int
    problem = CRUSADER_AGREEMENT
    claim = "none holds; believed to give CR1 and IC2 for n > 3m and at most m traitors"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"crusader agreement needs 0 <= m <= n-2: not n={self.n}, m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order

        told = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(told)
        reports = [told, *(inbox[j] for j in self.lieutenants)]
        often = {candidate: count(reports, candidate) >= self.n - self.m - 1 for candidate in self.orders}
        decision = FAULTY
        for candidate in self.orders:
            decision = ite(often[candidate] & (how_many(often.values()) == 1), candidate, decision)
        return decision
