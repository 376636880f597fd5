"""The same where it says when it is asked."""

from byzverify.language import *


def agree(outcome, witnesses):
    one, other = witnesses
    return same(outcome.decisions[one], outcome.decisions[other])


def is_asked(protocol, loyal):
    return COMMANDER in loyal or len(list(loyal)) == 9


TASK = Problem(
    "t",
    (Condition("Agreement", "all loyal generals decide the same", agree, witnesses=2, concerns=is_asked),),
    has_commander=True,
)


class P(Protocol):
    problem = TASK

    def tolerates(self, t):
        return t <= 1 and self.n > 3

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        return inbox.get(COMMANDER, default=RETREAT)
