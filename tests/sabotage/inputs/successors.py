"""Generals as objects: a condition looks up who comes after each loyal general. Check: -n 6 --faults omission=2. Right:
REFUTED, or refused: where generals 0 and 1 are lost, those are not alarmed who raise no alarm.
"""

from byzverify.language import ATTACK, Condition, Problem, Protocol, broadcast

AFTER = {2: 3, 3: 4, 4: 5}
"""Who commands after whom, when the first two are gone."""


def in_line(loyal):
    """Whether the loyal are one line of command."""
    return all(AFTER.get(one) == other for one, other in zip(loyal, loyal[1:]))


def informed(outcome, witnesses):
    me = witnesses[0]
    if in_line(outcome.loyal):
        return outcome.decisions[me]
    return outcome.decisions[me] | (outcome.orders[me] != ATTACK)


class Alarm(Protocol):
    problem = Problem("alarm", (Condition("Informed", "who should be alarmed is", informed, 1),), has_commander=False)

    def general(self, me, order):
        yield broadcast(order)
        return order == ATTACK
