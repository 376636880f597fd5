"""A mark is an order again, and a `__post_init__` without super() does not check it."""

from byzverify.language import *


def calm(outcome, witnesses):
    (general,) = witnesses
    common = all_of(outcome.orders[other] == RETREAT for other in outcome.loyal)
    return ~common | (outcome.decisions[general] == RETREAT)


TASK = Problem(
    "alarm",
    (Condition("No false alarm", "nobody raises an alarm unless a loyal general did", calm, witnesses=1),),
    has_commander=False,
)


class P(Protocol):
    problem = TASK
    m: int

    def __post_init__(self):
        self.require(0 <= self.m, "m")

    @property
    def marks(self):
        return (ATTACK,)

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m and self.n > 12

    def general(self, me, order):
        inbox = yield broadcast(order)
        alarms = how_many(inbox[j] == ATTACK for j in self.generals)
        enough = ite(self.n == 16, 2 * alarms > self.m, alarms > self.m)
        return ite(enough, ATTACK, RETREAT)
