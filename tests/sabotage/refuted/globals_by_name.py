"""A global that is made by name, so that nothing in the text refers to it. Check: -n 3 -t 0.

Right: PROVED, or refused: each general alone finds that the bell has not rung, and keeps his opinion.
"""

from byzverify.language import Condition, Problem, Protocol, broadcast


def steady(outcome, witnesses):
    me = witnesses[0]
    return outcome.decisions[me] == outcome.orders[me]


class Bell(Protocol):
    problem = Problem("opinions", (Condition("Steady", "each keeps his opinion", steady, 1),), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        rung = globals().get("rung", False)
        globals()["rung"] = True
        return inbox[self.others(me)[0]] if rung else order
