"""Approximate agreement: decisions are steps from RETREAT to ATTACK. Complete graphs, no signatures.

In one round: decisions are never more than 1 apart, so to obey the commander's word is enough within 1. If nobody
invents anything, no two generals hear different orders, so they are 1/2 apart at most if who hears nothing decides 1/2.

In two rounds: how many reports agree. If the commander is loyal, at least n-1-m of the n-1 reports are his order. If he
is not, m-1 lieutenants can give two loyal generals different reports, so their counts differ by m-1 at most. Hence
between m and n-1-m reports there is room for ceil((n-1-2m) / (m-1)) steps of m-1, and loyal generals are never more
than one step apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from byzverify.exporters.protocols.writing import (
    EVERY_MODE,
    LAPSES,
    Proposal,
    Recipe,
    fits,
    lapses_only,
    proposal,
    total,
)
from byzverify.scenario.impossibility import Setting, is_complete

PROBLEM = """
def are_close(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = (outcome.decisions[witness] for witness in witnesses)
    return all_of([one - other <= 1, other - one <= 1])


def is_at_an_end(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    step, order = outcome.decisions[witnesses[0]], outcome.orders[COMMANDER]
    retreats, attacks = step == 0, step == outcome.protocol.steps
    return all_of([(order != RETREAT) | retreats, (order != ATTACK) | attacks])


CLOSENESS = Condition("Closeness", "loyal lieutenants are one step apart at most", are_close, witnesses=2)
ENDS = Condition(
    "Validity",
    "if the commander is loyal, every loyal lieutenant is at the first step for RETREAT, at the last for ATTACK",
    is_at_an_end,
    witnesses=1,
    concerns=commander_is_loyal,
)
APPROXIMATE_AGREEMENT = Problem("approximate agreement", (CLOSENESS, ENDS), has_commander=True)
"""

WORD = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order) if me == COMMANDER else None
    if me == COMMANDER:
        return order

    return how_many([inbox[COMMANDER] == ATTACK])
"""

HALVES = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order) if me == COMMANDER else None
    if me == COMMANDER:
        return order

    told = inbox[COMMANDER]
    return how_many([told != RETREAT, told == ATTACK])
"""

PROGRAM = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order) if me == COMMANDER else None
    if me == COMMANDER:
        return order

    inbox = yield broadcast(inbox[COMMANDER])
    attack = count([inbox[j] for j in self.lieutenants], ATTACK)
    return how_many(attack > self.m + step * (self.m - 1) for step in range(self.steps))
"""


def steps(setting: Setting, epsilon: Fraction) -> Iterator[Proposal]:
    """Rules whose steps are no longer than epsilon."""
    if setting.problem != "approximate" or not is_complete(setting) or setting.commander is None:
        return
    for number, rule in _rules(setting):
        if Fraction(1, number) <= epsilon and fits(setting, rule.rounds):
            yield replace(proposal(setting, rule), epsilon=Fraction(1, number))


def _rules(setting: Setting) -> Iterator[tuple[int, Recipe]]:
    """Each rule that may be right, with the number of its steps."""
    yield 1, _word()
    if lapses_only(setting):
        yield 2, _halves()
    m = total(setting.faults)
    if m > 1 and setting.n > 2 * m + 1:
        number = -((setting.n - 1 - 2 * m) // (1 - m))
        yield number, _counted(number)


def _word() -> Recipe:
    return Recipe(
        says="Everyone decides what the commander says, and 0 if he says nothing.",
        program=WORD,
        rounds=1,
        modes=EVERY_MODE,
        tolerated="self.is_complete",
        bound="right whoever fails: a step is 1, and decisions are never further apart",
        before=PROBLEM,
        parameters={"steps": 1},
    )


def _halves() -> Recipe:
    return Recipe(
        says="Everyone decides what the commander says, and 1/2 if he says nothing.",
        program=HALVES,
        rounds=1,
        modes=LAPSES,
        tolerated="self.is_complete and t == 0",
        bound="right if nobody invents anything; here a step is 1/2",
        before=PROBLEM,
        parameters={"steps": 2},
    )


def _counted(number: int) -> Recipe:
    return Recipe(
        says="Everyone passes on the order. Each lieutenant decides a step: the more say ATTACK, the higher it is.",
        program=PROGRAM,
        rounds=2,
        tolerated="self.is_complete and t <= self.m and self.n - 1 - 2 * self.m > (self.steps - 1) * (self.m - 1)",
        bound=f"right for at most m traitors, if n-1-2m > (steps-1)(m-1); here a step is 1/{number}",
        before=PROBLEM,
        parameters={"steps": number},
    )
