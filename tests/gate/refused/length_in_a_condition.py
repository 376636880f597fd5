"""A condition measures a list of generals, in which one entry stands for many."""

from byzverify.language import *


def agree(outcome, witnesses):
    one, other = witnesses
    if len(list(outcome.loyal)) == 10:
        return outcome.orders[one] == outcome.orders[other]
    return outcome.decisions[one] == outcome.decisions[other]


TASK = Problem("t", (Condition("Agreement", "all agree", agree, witnesses=2),), has_commander=False)


class P(Protocol):
    problem = TASK

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals])
