"""Hints for attacks that may show a wrongly stated question rather than a weakness of the protocol.

This module knows the problems of the language, and what people expect of them. It must not change a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator

from byzverify.language.conditions import Condition
from byzverify.language.decisions import Decision, written
from byzverify.language.faults import lies
from byzverify.language.problems import HYBRID_CONSENSUS, IC2, VALIDITY
from byzverify.language.values import Count, Order, Truth
from byzverify.scenario.wording import fault
from byzverify.simulation.judging import Replay

KEEPS_AN_ORDER: tuple[Condition, ...] = (IC2, VALIDITY, HYBRID_CONSENSUS.conditions[1])
"""The conditions that compare a decision with a starting order. Other conditions may have the same names."""


def hints(replay: Replay) -> Iterator[str]:
    """What the author of the protocol may have overlooked, one sentence for each hint."""
    for judgement in replay.violated:
        (witness, *_) = judgement.witnesses or (0,)
        decision = replay.run.decisions[witness]
        condition = judgement.condition
        if any(condition is one for one in KEEPS_AN_ORDER) and not isinstance(decision, Order):
            name = condition.name
            yield (
                f"general {witness} decides {_kind(decision)}, and {name} compares it with an order: "
                "decide an order, as in ite(condition, ATTACK, RETREAT), or state a problem of your own"
            )
        elif condition is VALIDITY:
            yield from _ignored(replay, witness)


def _ignored(replay: Replay, witness: int) -> Iterator[str]:
    """The hint that Validity ignores the starting order of a faulty general who cannot lie."""
    run = replay.run
    common = written(run.orders[witness])
    for general, mode in run.faults.items():
        if not lies(mode) and written(run.orders[general]) != common:
            yield (
                f"in CONSENSUS, Validity is about the orders of the loyal alone, and general {general}, {fault(mode)}, "
                f"starts with {run.orders[general]}; if his order is to count, too, write problem = HYBRID_CONSENSUS"
            )
            return


def _kind(decision: Decision) -> str:
    if isinstance(decision, Truth):
        return "a truth"
    return "a count" if isinstance(decision, Count) else f"a {type(decision).__name__}"
