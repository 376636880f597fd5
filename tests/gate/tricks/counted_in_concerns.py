"""A condition applies only where there are many loyal generals, and counts them by the length of a list."""

from typing import Any

from byzverify.language import (
    AGREEMENT,
    Condition,
    General,
    Order,
    Problem,
    Program,
    Protocol,
    broadcast,
)

BROKEN = {"n": 52}
READ = "many lists something that does not depend on each general of the list, or too much"
SAYS = r"whether Alike applies depends on the length"


def many(protocol: Any, loyal: Any) -> bool:
    """Whether there are more than fifty loyal generals."""
    return sum(1 for _ in loyal) > 50


class CountedInConcerns(Protocol):
    problem = Problem("many", (Condition("Alike", "many agree", AGREEMENT.holds, 2, many),), has_commander=False)

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return order
