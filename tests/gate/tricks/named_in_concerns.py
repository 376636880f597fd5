"""A condition applies only where general 3 is loyal: in the engine nobody has that number, so it never applies."""

from typing import Any

from byzverify.language import AGREEMENT, Condition, General, Order, Problem, Program, Protocol, broadcast

BROKEN = {"n": 5}
READ = "third asks whether something is in a list of generals"
SAYS = r"compares a general with something else than a general"


def third(protocol: Any, loyal: Any) -> bool:
    """Whether general 3 is loyal."""
    return 3 in loyal


class NamedInConcerns(Protocol):
    problem = Problem("third", (Condition("Alike", "they agree", AGREEMENT.holds, 2, third),), has_commander=False)

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return order
