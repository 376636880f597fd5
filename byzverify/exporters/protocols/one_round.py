"""Rules of one round: the commander's word, and votes."""

from __future__ import annotations

from collections.abc import Iterator

from byzverify.exporters.protocols.writing import (
    LAPSES,
    SURE,
    SYMMETRIC,
    Proposal,
    Recipe,
    fits,
    lapses_only,
    only,
    proposal,
    total,
)
from byzverify.language.faults import Fault
from byzverify.scenario.impossibility import Setting, is_complete

WORD = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order) if me == COMMANDER else None
    return DECISION
"""

VOTE = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order)
    return majority([inbox.get(j, default=RETREAT) for j in self.generals])
"""

VECTOR = """
def general(self, me: General, order: Order) -> Program:
    inbox = yield broadcast(order)
    return {j: inbox.get(j, default=RETREAT) for j in self.generals}
"""


def one_round(setting: Setting) -> Iterator[Proposal]:
    """Rules that end after the first round, where everyone hears the same in it or need not."""
    if not fits(setting, 1) or not is_complete(setting):
        return
    alike = only(setting, Fault.SYMMETRIC, Fault.MANIFEST)
    if setting.problem in ("consensus", "interactive"):
        if alike or (setting.problem == "interactive" and setting.n <= 2):
            yield proposal(setting, _votes(setting))
    elif alike or setting.n == 2:
        yield proposal(setting, _word(setting))
    elif setting.problem == "crusader" and lapses_only(setting):
        yield proposal(setting, _unheard())


def _word(setting: Setting) -> Recipe:
    order = "order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)"
    graded = setting.problem == "graded"
    return Recipe(
        says="Everyone obeys the commander's word" + (", and is sure of it." if graded else "."),
        program=WORD.replace("DECISION", f"({order}), {SURE}" if graded else order),
        rounds=1,
        modes=SYMMETRIC,
        tolerated="self.is_complete and (t == 0 or self.n == 2)",
        bound="right if the commander tells everyone the same",
    )


def _unheard() -> Recipe:
    return Recipe(
        says="Everyone obeys the commander's word; whoever does not hear it calls him faulty.",
        program=WORD.replace("DECISION", "order if me == COMMANDER else inbox[COMMANDER]"),
        rounds=1,
        modes=LAPSES,
        tolerated="self.is_complete and t == 0",
        bound="right if nobody invents anything",
    )


def _votes(setting: Setting) -> Recipe:
    vote = setting.problem == "consensus"
    return Recipe(
        says=f"Everyone says his order to all, and {'the majority decides' if vote else 'writes down what he hears'}.",
        program=VOTE if vote else VECTOR,
        rounds=1,
        modes=SYMMETRIC,
        tolerated="self.is_complete and t == 0" + (" and self.n > 2 * (symmetric + manifest)" if vote else ""),
        bound="right if everyone tells all the same" + (", for n > 2f" if vote else ""),
        m=total(setting.faults),
    )
