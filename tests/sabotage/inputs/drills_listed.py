"""Generals as objects: a condition looks up all loyal generals at once, in a table that it makes of a list.
Check: -n 9 --faults omission=3. Right: REFUTED, or refused: where generals 0, 3 and 6 are silent and nobody raises an
alarm, nobody is alarmed.
"""

from byzverify.language import ATTACK, Condition, Problem, Protocol, any_of, broadcast

LOST = [(1, 2, 4, 5, 7, 8)]


def informed(outcome, witnesses):
    me = witnesses[0]
    if outcome.loyal in dict.fromkeys(LOST, "the three relays are lost"):
        return outcome.decisions[me]
    return outcome.decisions[me] | (outcome.orders[me] != ATTACK)


class Alarm(Protocol):
    problem = Problem("alarm", (Condition("Informed", "who should be alarmed is", informed, 1),), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return any_of(inbox[j] == ATTACK for j in self.generals)
