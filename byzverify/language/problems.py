"""The problems that published protocols solve, each with its conditions and its source.

This module knows conditions, and no protocol.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from byzverify.language.conditions import COMMANDER, Condition, Outcome, Problem
from byzverify.language.decisions import same
from byzverify.language.messages import General
from byzverify.language.values import ABSENT, Truth, all_of, any_of


def commander_is_loyal(protocol: Any, loyal: Collection[General]) -> bool:
    """Whether the commander is loyal; for `Condition.concerns`."""
    return COMMANDER in loyal


def _same_decision(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    one, other = witnesses
    return same(outcome.decisions[one], outcome.decisions[other])


def _obeys_the_commander(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (lieutenant,) = witnesses
    return same(outcome.decisions[lieutenant], outcome.orders[COMMANDER])


def _keeps_a_common_order(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (general,) = witnesses
    own = outcome.orders[general]
    common = all_of(outcome.orders[other] == own for other in outcome.loyal)
    return ~common | same(outcome.decisions[general], own)


IC1 = Condition(
    "IC1",
    "all loyal lieutenants obey the same order",
    _same_decision,
    witnesses=2,
    needs_loyal=2,
)
"""Agreement. LSP 1982, section 1."""

IC2 = Condition(
    "IC2",
    "if the commander is loyal, every loyal lieutenant obeys his order",
    _obeys_the_commander,
    witnesses=1,
    concerns=commander_is_loyal,
    needs_loyal=2,
)
"""Validity. LSP 1982, section 1."""

AGREEMENT = Condition(
    "Agreement",
    "all loyal generals decide the same",
    _same_decision,
    witnesses=2,
    needs_loyal=2,
)
"""Agreement of consensus, where every general starts with an order. Lynch 1996, section 6.1."""

VALIDITY = Condition(
    "Validity",
    "if all loyal generals start with the same order, they decide it",
    _keeps_a_common_order,
    witnesses=1,
    needs_loyal=1,
)
"""Validity of consensus. Lynch 1996, section 6.1 (strong validity: the traitors' orders do not matter)."""

BYZANTINE_GENERALS = Problem("Byzantine generals", has_commander=True, conditions=(IC1, IC2))
"""A commander sends an order to his n-1 lieutenants. LSP 1982, section 1."""

CONSENSUS = Problem("consensus", has_commander=False, conditions=(AGREEMENT, VALIDITY))
"""Every general starts with an order, and they have to agree on one."""


def _has_their_orders(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (witness,) = witnesses
    vector = outcome.decisions[witness]
    return all_of(vector[j] == outcome.orders[j] for j in outcome.loyal)


INTERACTIVE_CONSISTENCY = Problem(
    "interactive consistency",
    has_commander=False,
    conditions=(
        AGREEMENT,
        Condition(
            "Validity",
            "the vector of every loyal general has the orders that the loyal generals started with",
            _has_their_orders,
            witnesses=1,
            needs_loyal=2,
        ),
    ),
)
"""Pease, Shostak & Lamport 1980, section 1."""


FAULTY = ABSENT
"""The decision in crusader agreement that the commander is a traitor: to obey nothing."""


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
"""Dolev 1982."""


def _sure_of_the_commanders(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    order, grade = outcome.decisions[witnesses[0]]
    return all_of([order == outcome.orders[COMMANDER], grade == 2])


def _grades_are_close(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (_, one), (_, other) = (outcome.decisions[witness] for witness in witnesses)
    return all_of([one - other <= 1, other - one <= 1])


def _graded_orders_are_the_same(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (one, sure), (other, also_sure) = (outcome.decisions[witness] for witness in witnesses)
    return any_of([one == other, sure == 0, also_sure == 0])


GRADED_BROADCAST = Problem(
    "graded broadcast",
    has_commander=True,
    conditions=(
        Condition(
            "Validity",
            "if the commander is loyal, every loyal lieutenant has his order with grade 2",
            _sure_of_the_commanders,
            witnesses=1,
            concerns=commander_is_loyal,
            needs_loyal=2,
        ),
        Condition(
            "Closeness",
            "grades of loyal lieutenants differ by 1 at most",
            _grades_are_close,
            witnesses=2,
            needs_loyal=2,
        ),
        Condition(
            "Consistency",
            "loyal lieutenants with a grade above 0 have the same order",
            _graded_orders_are_the_same,
            witnesses=2,
            needs_loyal=2,
        ),
    ),
)
"""Feldman & Micali 1997."""


def _keeps_the_order_of_all_who_run(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    own = outcome.orders[witnesses[0]]
    return ~all_of(order == own for order in outcome.orders.values()) | same(outcome.decisions[witnesses[0]], own)


HYBRID_CONSENSUS = Problem(
    "consensus",
    has_commander=False,
    conditions=(
        AGREEMENT,
        Condition(
            "Validity",
            "if all generals who make nothing up start with the same order, the loyal decide it",
            _keeps_the_order_of_all_who_run,
            witnesses=1,
            needs_loyal=1,
        ),
    ),
)
"""Weaker than `CONSENSUS`: the orders of generals with omission, crash or manifest faults count like loyal ones."""
