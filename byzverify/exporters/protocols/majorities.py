"""Majorities of what generals report, and of what they report of reports: n > 3m, complete graphs, no signatures.

Sources: OM(m) of Lamport, Shostak & Pease 1982; EIG of Pease, Shostak & Lamport 1980; the phase king of Berman, Garay
& Perry 1989.
"""

from __future__ import annotations

from collections.abc import Iterator

from byzverify.exporters.protocols.writing import Proposal, Recipe, fits, proposal, total
from byzverify.scenario.impossibility import Setting, is_complete

REPORTS = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order) if me == COMMANDER else None
    if me == COMMANDER:
        return order

    inbox = yield broadcast(inbox.get(COMMANDER, default=RETREAT))
    return majority([inbox[j] for j in self.lieutenants])
"""

REPORTS_OF_REPORTS = """
def general(self, me: General, order: Order) -> Program:
    if me == COMMANDER:
        yield broadcast(order, label=(COMMANDER,), without=[me])
        return order

    heard = Tree(self, me, roots=[COMMANDER])
    heard.grow((yield None))
    yield from heard.relaying(self.m)
    return heard.resolved(lambda told, values: majority([told, *values]), (COMMANDER,))
"""

EVERYONES = """
def general(self, me: General, order: Order) -> Program:
    heard = Tree(self, me, roots=self.generals, own=order, closed=True)
    yield from heard.relaying(self.m + 1)
    return DECISION
"""

RESOLVED = "{j: heard.resolved(lambda _, values: majority(values), (j,)) for j in self.generals}"

VOTED = "majority([heard.resolved(lambda _, values: majority(values), (j,)) for j in self.generals])"

KINGS = """
def interchangeable(self) -> list[range]:
    return [range(self.m + 1, self.n)]  # all but the kings

def general(self, me: General, order: Order) -> Program:
    return (yield from self.phases(self.m + 1, self.phase, me, order))

def phase(self, me: General, king: General, order: Order) -> Program:
    inbox = yield broadcast(order)
    votes = [inbox[j] for j in self.generals]
    proposal = ABSENT
    for candidate in self.orders:
        proposal = ite(count(votes, candidate) >= self.n - self.m, candidate, proposal)

    inbox = yield broadcast(proposal)
    proposals = [inbox[j] for j in self.generals]
    for candidate in self.orders:
        order = ite(count(proposals, candidate) > self.m, candidate, order)

    inbox = yield broadcast(order) if me == king else None
    sure = count(proposals, order) >= self.n - self.m
    return ite(sure, order, inbox.get(king, default=RETREAT))
"""

ENOUGH = "self.is_complete and t <= self.m and self.n > 3 * self.m"
BOUND = "right for n > 3m and at most m traitors"


def majorities(setting: Setting) -> Iterator[Proposal]:
    """Majorities, where n > 3m."""
    m = total(setting.faults)
    if not is_complete(setting) or setting.n <= 3 * m:
        return
    if setting.problem == "broadcast" and fits(setting, m + 1):
        if m == 1:
            yield proposal(setting, _reports())
        yield proposal(setting, _reports_of_reports(m))
    if setting.problem in ("consensus", "interactive") and fits(setting, m + 1):
        yield proposal(setting, _everyones(setting, m))
    if setting.problem == "consensus" and m > 0 and fits(setting, 3 * (m + 1)):
        yield proposal(setting, _kings(m))


def _reports() -> Recipe:
    return Recipe(
        says="Each lieutenant takes the majority of what the lieutenants say that the commander said.",
        program=REPORTS,
        rounds=2,
        tolerated="self.is_complete and t <= 1 and self.n > 3",
        bound="right for n > 3 and at most one traitor",
    )


def _reports_of_reports(m: int) -> Recipe:
    return Recipe(
        says="Everyone passes on what he hears; each lieutenant takes the majority of what he was told and of what he "
        "makes, by the same rule, of what each other lieutenant says that he was told.",
        program=REPORTS_OF_REPORTS,
        rounds=m + 1,
        tolerated=ENOUGH,
        bound=BOUND,
    )


def _everyones(setting: Setting, m: int) -> Recipe:
    vector = setting.problem == "interactive"
    return Recipe(
        says="Everyone passes on what he hears; what a general is taken to have said is the majority of what the "
        "others are taken to have heard from him." + ("" if vector else " The majority of these orders decides."),
        program=EVERYONES.replace("DECISION", RESOLVED if vector else VOTED),
        rounds=m + 1,
        tolerated=ENOUGH,
        bound=BOUND,
    )


def _kings(m: int) -> Recipe:
    return Recipe(
        says="Everyone takes up an order that more than m propose because n-m voted for it; whoever has not seen n-m "
        "such proposals takes the king's. There are m+1 kings in turn.",
        program=KINGS,
        rounds=3 * (m + 1),
        tolerated=ENOUGH,
        bound=BOUND,
    )
