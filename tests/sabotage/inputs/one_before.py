"""One-way conditions: the first witness is to attack only if the other does. Check: -n 3 -t 0. Right: REFUTED, or refused: the
last general attacks always; asked as (2, 0) with orders R, R, R the condition fails.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, any_of, broadcast


def covered(outcome, witnesses):
    one, *others = (outcome.decisions[w] for w in witnesses)
    return (one == RETREAT) | any_of(other == ATTACK for other in others)


COVERED = Condition("Covered", "who attacks is covered by one who attacks", covered, witnesses=2, needs_loyal=2)


class Reckless(Protocol):
    problem = Problem("cover", (COVERED,), has_commander=False)

    def interchangeable(self):
        return []

    def general(self, me, order):
        yield broadcast(order)
        return ATTACK if me == self.n - 1 else RETREAT
