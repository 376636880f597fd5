"""Crusader agreement and graded broadcast: count the reports that agree. Complete graphs, no signatures.

Sources: Dolev 1982 (crusader); Feldman & Micali 1997 (gradecast). The graded broadcast of two rounds: if the commander
is loyal, n-1-m of the n-1 reports agree. If he is not, m-1 lieutenants can give two loyal generals different reports,
so their counts differ by m-1 at most. One who counts n-1-m is followed by all who count n-2m. Two orders do not both
reach that: n-2m of one leave 2m-1 to the other, and n-2m > (2m-1) + (m-1) if n >= 5m-1. (m = 0 needs one round.)
"""

from __future__ import annotations

from collections.abc import Iterator

from byzverify.exporters.protocols.writing import Proposal, Recipe, fits, proposal, total
from byzverify.scenario.impossibility import Setting, is_complete

CRUSADER = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order) if me == COMMANDER else None
    if me == COMMANDER:
        return order

    inbox = yield broadcast(inbox[COMMANDER])
    reports = [inbox[j] for j in self.lieutenants]
    decision = FAULTY
    for v in self.orders:
        decision = ite(count(reports, v) >= self.n - 1 - self.m, v, decision)
    return decision
"""

TWO_ROUNDS = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order) if me == COMMANDER else None
    inbox = yield broadcast(order if me == COMMANDER else inbox[COMMANDER])
    reports = [inbox[j] for j in self.lieutenants]
    decision = ABSENT
    for v in self.orders:
        decision = ite(count(reports, v) >= self.n - 2 * self.m, v, decision)
    agree = count(reports, decision)
    return decision, how_many([agree >= self.n - 2 * self.m, agree >= self.n - 1 - self.m])
"""

THREE_ROUNDS = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order) if me == COMMANDER else None

    inbox = yield broadcast(inbox[COMMANDER])
    echoes = [inbox[j] for j in self.generals]
    named = ABSENT
    for v in self.orders:
        named = ite(count(echoes, v) >= self.n - self.m, v, named)

    inbox = yield broadcast(named)
    names = [inbox[j] for j in self.generals]
    decision = ABSENT
    for v in self.orders:
        decision = ite(count(names, v) > self.m, v, decision)
    known = any_of(count(names, v) > self.m for v in self.orders)
    sure = any_of(count(names, v) >= self.n - self.m for v in self.orders)
    return decision, how_many([known, sure])
"""


def grades(setting: Setting) -> Iterator[Proposal]:
    """Counts of reports, where n > 3m."""
    m = total(setting.faults)
    if not is_complete(setting) or setting.n <= 3 * m:
        return
    if setting.problem == "crusader" and fits(setting, 2):
        yield proposal(setting, _crusader())
    if setting.problem == "graded" and fits(setting, 2) and m > 0 and setting.n >= 5 * m - 1:
        yield proposal(setting, _two_rounds())
    if setting.problem == "graded" and fits(setting, 3):
        yield proposal(setting, _three_rounds())


def _crusader() -> Recipe:
    return Recipe(
        says="Everyone passes on the order; whoever does not see n-1-m reports alike calls the commander faulty.",
        program=CRUSADER,
        rounds=2,
        tolerated="self.is_complete and t <= self.m and self.n > 3 * self.m",
        bound="right for n > 3m and at most m traitors",
    )


def _two_rounds() -> Recipe:
    return Recipe(
        says="Everyone passes on the order. The grade is 1 if n-2m reports agree, and 2 if n-1-m do.",
        program=TWO_ROUNDS,
        rounds=2,
        tolerated="self.is_complete and self.m > 0 and t <= self.m and self.n >= 5 * self.m - 1",
        bound="right for n >= 5m-1 and at most m traitors, m > 0",
    )


def _three_rounds() -> Recipe:
    return Recipe(
        says="Everyone passes on the order, then names the one that n-m passed on. The grade is 1 if more than m name "
        "the same order, and 2 if n-m do.",
        program=THREE_ROUNDS,
        rounds=3,
        tolerated="self.is_complete and t <= self.m and self.n > 3 * self.m",
        bound="right for n > 3m and at most m traitors",
    )
