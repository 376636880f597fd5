"""A class-level dictionary under a name that looks like one of Python's: the first opinion is kept. Check: -n 3 -t 0.

Right: PROVED, or refused: each general alone keeps his own opinion, and follows it.
"""

from byzverify.language import Condition, Problem, Protocol, broadcast


def steady(outcome, witnesses):
    me = witnesses[0]
    return outcome.decisions[me] == outcome.orders[me]


class Steady(Protocol):
    problem = Problem("opinions", (Condition("Steady", "each keeps his opinion", steady, 1),), has_commander=False)
    __opinions__ = {}

    def interchangeable(self):
        return []

    def general(self, me, order):
        speaker = self.__opinions__.setdefault("first", me)
        inbox = yield broadcast(order)
        return inbox[speaker]
