"""A condition asks only where there are many loyal generals, and counts them by the length of a list."""

from byzverify.language import TRUE, Condition, General, Order, Outcome, Problem, Program, Protocol, Truth, broadcast

BROKEN = {"n": 52}
SAYS = r"the condition Alike cannot be evaluated: `if` on a truth"


def alike_among_many(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    """If there are more than fifty loyal generals, they decide the same."""
    one, other = witnesses
    alike: Truth = outcome.decisions[one] == outcome.decisions[other]
    return TRUE if len(list(outcome.loyal)) <= 50 else alike


class CountedInACondition(Protocol):
    problem = Problem("many", (Condition("Alike", "many agree", alike_among_many, 2),), has_commander=False)

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        yield broadcast(order)
        return order
