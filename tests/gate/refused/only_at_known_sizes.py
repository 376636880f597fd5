"""An attribute of the language's own tells a condition whether sizes are known."""

from byzverify.language import *


def agree(outcome, witnesses):
    one, other = witnesses
    if outcome.protocol._copy is None:
        return (outcome.decisions[one] == outcome.decisions[other]) & (outcome.protocol.n != 10)
    return outcome.decisions[one] == outcome.decisions[other]


TASK = Problem("t", (Condition("Agreement", "all agree", agree, witnesses=2),), has_commander=False)


class P(Protocol):
    problem = TASK

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals])
