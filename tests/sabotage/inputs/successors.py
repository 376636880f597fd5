"""Generals as objects: a condition looks up who comes after each loyal general. Check: -n 9 --faults omission=3. Right:
REFUTED, or refused: where generals 0, 1 and 2 are silent and nobody raises an alarm, nobody is alarmed.
"""

from byzverify.language import ATTACK, Condition, Problem, Protocol, any_of, broadcast

AFTER = {3: 4, 4: 5, 5: 6, 6: 7, 7: 8}
"""Who commands after whom, when the first three are gone."""


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
        inbox = yield broadcast(order)
        return any_of(inbox[j] == ATTACK for j in self.generals)
