"""Generals as objects: a condition looks up all loyal generals at once, in a table that it makes of a list.
Check: -n 6 --faults omission=2. Right: REFUTED, or refused: where generals 0 and 3 are lost, those are not alarmed who raise
no alarm.
"""

from byzverify.language import ATTACK, Condition, Problem, Protocol, broadcast

LOST = [(1, 2, 4, 5)]


def informed(outcome, witnesses):
    me = witnesses[0]
    if outcome.loyal in dict.fromkeys(LOST, "the two relays are lost"):
        return outcome.decisions[me]
    return outcome.decisions[me] | (outcome.orders[me] != ATTACK)


class Alarm(Protocol):
    problem = Problem("alarm", (Condition("Informed", "who should be alarmed is", informed, 1),), has_commander=False)

    def general(self, me, order):
        yield broadcast(order)
        return order == ATTACK
