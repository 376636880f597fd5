"""The decision is what the last general said: in the engine what all of a group said, each way that suits best."""

from byzverify.language import (
    ATTACK,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    any_of,
    broadcast,
    how_many,
)

BROKEN = {"n": 5}
READ = "general goes through a list of generals by `for`"
SAYS = r"an order from each general of a group"


def heeds_three(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    """If three loyal generals start with ATTACK, the witness decides so."""
    three = how_many(outcome.orders[j] == ATTACK for j in outcome.loyal) >= 3
    return any_of([~three, outcome.decisions[witnesses[0]] == ATTACK])


class OneMemberForAll(Protocol):
    problem = Problem("three", (Condition("Three", "three are heeded", heeds_three, 1),), has_commander=False)

    def tolerates(self, t: int) -> bool:
        return t == 0 and self.n > 1

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        for j in self.others(me):
            last = inbox[j]
        return last
