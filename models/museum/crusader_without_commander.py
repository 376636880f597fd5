"""Crusader agreement in which n-m alike are wanted of the reports of the n-1 lieutenants alone.

An easy slip: Dolev, "The Byzantine Generals Strike Again", Journal of Algorithms 3(1), 1982, lets m of those who report
be traitors. Among the n-1 lieutenants n-1-m are sure to report alike if the commander is loyal; it is n-m only if he
reports himself, and is counted.
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


class CrusaderWithoutCommander(Protocol):
    """Two rounds, with the number of one count applied to another."""

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

        inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT))
        reports = [inbox[j] for j in self.lieutenants]
        decision = FAULTY
        for candidate in self.orders:
            decision = ite(count(reports, candidate) >= self.n - self.m, candidate, decision)
        return decision
