"""A base class computes the problem from the size."""

from byzverify.language import *


def agree(outcome, witnesses):
    one, other = witnesses
    return outcome.orders[one] == outcome.orders[other]


HARD = Problem(
    "t", (Condition("Agreement", "all loyal generals decide the same", agree, witnesses=2),), has_commander=False
)


class Based(Protocol):
    @property
    def problem(self):
        return HARD if type(self.n) is int and self.n == 10 else CONSENSUS


class P(Based):
    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals])
