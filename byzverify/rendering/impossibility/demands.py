"""What a problem demands of decisions, as a chain or a cover uses it: at its two ends, and between two loyal generals.

This module knows the problems. It must not know chains, covers, or where anything is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from byzverify.language.problems import (
    AGREEMENT,
    BYZANTINE_GENERALS,
    CONSENSUS,
    CRUSADER_AGREEMENT,
    GRADED_BROADCAST,
    IC1,
    IC2,
    INTERACTIVE_CONSISTENCY,
    VALIDITY,
)
from byzverify.language.values import ATTACK, RETREAT
from byzverify.scenario.impossibility import ProblemName, Setting

ORDERS = (RETREAT.name, ATTACK.name)
NUMBERS = ("0", "1")


def orders_of(setting: Setting) -> tuple[str, str]:
    """The words for order 0 and order 1."""
    return NUMBERS if setting.problem == "approximate" else ORDERS


def must(order: str) -> str:
    """What must be done at an end: `must RETREAT`."""
    return f"must {order}" if order in ORDERS else f"must decide {order}"


@dataclass(frozen=True)
class Demands:
    """What is demanded of loyal generals.

    called: what the problem is called. decisions: all that a general can decide, from what order 0 demands to what
    order 1 demands. apart: how many steps the decisions of two loyal generals may be apart in one execution.
    agreement, obedience: the names of the conditions between two of them, and at the ends. conditions: all conditions
    in words. agree: what two loyal generals must do. too_far: why decisions are too far apart somewhere; empty where
    steps can be counted.
    """

    called: str
    decisions: tuple[str, ...]
    apart: int
    agreement: str
    obedience: str
    conditions: tuple[str, ...]
    agree: str
    too_far: str = ""

    def fits(self, one: int, other: int) -> bool:
        """Whether two loyal generals in one execution may decide so."""
        return abs(one - other) <= self.apart


SAME = "must decide the same"
LIEUTENANTS = "All loyal lieutenants obey the same order"
OBEY = "If the commander is loyal, every loyal lieutenant obeys his order"
VECTOR = "If a general is loyal, every loyal general decides that he started with the order with which he did start"

DEMANDS: dict[ProblemName, Demands] = {
    "broadcast": Demands(
        BYZANTINE_GENERALS.name, ORDERS, 0, IC1.name, IC2.name, (f"IC1: {LIEUTENANTS}", f"IC2: {OBEY}"), SAME
    ),
    "consensus": Demands(
        CONSENSUS.name,
        ORDERS,
        0,
        AGREEMENT.name,
        VALIDITY.name,
        (
            "Agreement: All loyal generals decide the same",
            "Validity: If all loyal generals start with the same order, they decide it",
        ),
        SAME,
    ),
    "interactive": Demands(
        INTERACTIVE_CONSISTENCY.name,
        ORDERS,
        0,
        "Agreement",
        "Validity",
        ("Agreement: All loyal generals decide the same about every general", f"Validity: {VECTOR}"),
        SAME,
    ),
    "crusader": Demands(
        CRUSADER_AGREEMENT.name,
        (ORDERS[0], "neither", ORDERS[1]),
        1,
        "CR1",
        IC2.name,
        ("CR1: No two loyal lieutenants obey different orders, but some may obey neither", f"IC2: {OBEY}"),
        "must not obey different orders",
    ),
    "graded": Demands(
        GRADED_BROADCAST.name,
        (f"{ORDERS[0]}, sure", f"{ORDERS[0]}, unsure", "no idea", f"{ORDERS[1]}, unsure", f"{ORDERS[1]}, sure"),
        1,
        "Closeness and Consistency",
        "Validity",
        (
            "Validity: If the commander is loyal, every loyal lieutenant obeys his order and is sure of it (grade 2)",
            "Closeness: If a loyal lieutenant is sure, no other one has no idea (grades differ by 1 at most)",
            "Consistency: No two loyal lieutenants obey different orders, but some may have no idea (grade 0)",
        ),
        "must be at most one grade apart",
    ),
}
"""What is demanded, for each problem with finitely many decisions."""


def demands_of(setting: Setting, acts: int) -> Demands:
    """What is demanded of loyal generals in so many acts."""
    return DEMANDS.get(setting.problem) or _approximate(acts - 2)


def _approximate(steps: int) -> Demands:
    """Approximate agreement, closer than so many steps from 0 to 1 allow.

    To choose from there are so many decisions that neighbours are closer than the bound, and others are not.
    """
    parts = steps + 1
    decisions = ["0", *(f"{part}/{parts}" for part in range(1, parts)), "1"]
    bound = "1" if steps == 1 else f"1/{steps}"
    close = f"must decide less than {bound} apart" if steps else "must decide close to each other"
    return Demands(
        called=f"approximate agreement to less than {bound}" if steps else "approximate agreement",
        decisions=tuple(decisions),
        apart=min(1, steps),
        agreement="Closeness",
        obedience="Validity",
        conditions=(
            f"Closeness: What loyal generals decide is less than {bound} apart"
            if steps
            else "Closeness: Loyal generals decide numbers that are close to each other",
            "Validity: If the commander is loyal, every loyal general decides his number",
        ),
        agree=close,
        too_far=f"So between the two ends, decisions are {bound} or more apart somewhere.",
    )
