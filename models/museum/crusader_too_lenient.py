"""Crusader agreement in which one report fewer than n-m is enough, the commander's own order being one of n reports.

An easy slip, by one: compare Dolev, "The Byzantine Generals Strike Again", Journal of Algorithms 3(1), 1982, where all
but m of the reports must be alike. Who sees two orders so often calls the commander faulty.
"""

from byzverify.language import COMMANDER, FAULTY, RETREAT, General, Order, Program, broadcast, count, how_many, ite
from byzverify.models.crusader import Crusader


class CrusaderTooLenient(Crusader):
    """Two rounds, with a threshold of n-m-1 of n."""

    claim = "none holds; believed to give CR1 and IC2 for n > 3m and at most m traitors"

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
