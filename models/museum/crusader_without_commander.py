"""Crusader agreement in which n-m alike are wanted of the reports of the n-1 lieutenants alone.

An easy slip: Dolev, "The Byzantine Generals Strike Again", Journal of Algorithms 3(1), 1982, lets m of those who report
be traitors. Among the n-1 lieutenants n-1-m are sure to report alike if the commander is loyal; it is n-m only if he
reports himself, and is counted.
"""

from byzverify.language import COMMANDER, FAULTY, RETREAT, General, Order, Program, broadcast, count, ite
from byzverify.models.crusader import Crusader


class CrusaderWithoutCommander(Crusader):
    """Two rounds, with the number of one count applied to another."""

    claim = "none holds; believed to give CR1 and IC2 for n > 3m and at most m traitors"

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
