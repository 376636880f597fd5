"""Flooding: whoever hears an order for the first time passes it on. For faults that invent nothing, on any graph.

An order that arrives for the first time in round r has passed r different generals. After m+1 rounds one of them is
loyal, and has told everyone. Source: Dolev & Strong 1982; Hadzilacos & Toueg 1993.
"""

from __future__ import annotations

from collections.abc import Iterator

from byzverify.exporters.protocols.writing import (
    LAPSES,
    SURE,
    Proposal,
    Recipe,
    fits,
    has_commander,
    lapses_only,
    proposal,
    relevant,
    total,
    waiting,
)
from byzverify.language.faults import Fault
from byzverify.scenario.impossibility import Setting, is_complete

FLOOD = """
def general(self, me: General, order: Order) -> Program:
    known = news = order if me == COMMANDER else ABSENT
    for _ in range(ROUNDS):
        inbox = yield broadcast(news)
        heard = plurality([inbox[j] for j in self.neighbours(me)], tie=ABSENT)
        news = ite(known == ABSENT, heard, ABSENT)
        known = ite(known == ABSENT, heard, known)
    return DECISION
"""

GRADED = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order) if me == COMMANDER else None
    told = order if me == COMMANDER else inbox[COMMANDER]

    inbox = yield broadcast(told)
    heard = plurality([inbox[j] for j in self.lieutenants], tie=ABSENT)
    return heard, how_many([heard != ABSENT, told != ABSENT])
"""

EVERYONES = """
def general(self, me: General, order: Order) -> Program:
    known = news = {j: order if j == me else ABSENT for j in self.generals}
    for _ in range(ROUNDS):
        inbox = yield [broadcast(news[j], label=j) for j in self.generals]
        heard = {j: plurality([inbox[i, j] for i in self.neighbours(me)], tie=ABSENT) for j in self.generals}
        news = {j: ite(known[j] == ABSENT, heard[j], ABSENT) for j in self.generals}
        known = {j: ite(known[j] == ABSENT, heard[j], known[j]) for j in self.generals}
    return DECISION
"""

OBEY = "ite(known == ABSENT, RETREAT, known)"


def floods(setting: Setting) -> Iterator[Proposal]:
    """Flooding, in as many rounds as an order can need to be known to all who are loyal."""
    if not lapses_only(setting):
        return
    if setting.problem == "graded" and is_complete(setting) and fits(setting, 2):
        yield proposal(setting, _graded())
    if setting.problem == "consensus" and setting.n <= 2 * total(setting.faults):
        return
    rounds = relevant(setting, Fault.OMISSION, Fault.CRASH) + 1 if is_complete(setting) else waiting(setting)
    if fits(setting, rounds):
        yield proposal(setting, _flood(setting, rounds))


def _flood(setting: Setting, rounds: int) -> Recipe:
    one = has_commander(setting)
    complete = is_complete(setting)
    return Recipe(
        says=_says(setting),
        program=(FLOOD if one else EVERYONES)
        .replace("ROUNDS", "self.m + 1" if complete else "self.rounds")
        .replace("DECISION", _decision(setting)),
        rounds=rounds,
        modes=LAPSES,
        tolerated=_tolerated(setting),
        bound="right if at most m generals omit something or crash, and nobody invents anything"
        + ("" if complete else ", on this graph"),
        parameters=None if complete else {"rounds": rounds},
        m=rounds - 1 if complete else None,
    )


def _says(setting: Setting) -> str:
    if has_commander(setting):
        return "Whoever hears the order for the first time passes it on; whoever has not heard it retreats."
    return "Whoever hears for the first time with which order a general started passes it on" + (
        "; the majority decides." if setting.problem == "consensus" else "."
    )


def _decision(setting: Setting) -> str:
    if has_commander(setting):
        return f"{OBEY}, {SURE}" if setting.problem == "graded" else OBEY
    return "majority(known.values())" if setting.problem == "consensus" else "known"


def _tolerated(setting: Setting) -> str:
    enough = "t == 0 and omission + crash " + ("" if is_complete(setting) else "+ manifest ") + "<= self.m"
    if setting.problem == "consensus":
        enough += " and self.n > 2 * (omission + crash + manifest)"
    return f"self.is_complete and {enough}" if is_complete(setting) else enough


def _graded() -> Recipe:
    return Recipe(
        says="Everyone passes on the order; whoever has it from the commander is sure, and whoever has it from others "
        "alone has it with grade 1.",
        program=GRADED,
        rounds=2,
        modes=LAPSES,
        tolerated="self.is_complete and t == 0",
        bound="right if nobody invents anything",
    )
