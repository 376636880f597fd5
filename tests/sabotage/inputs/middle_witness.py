"""One-way conditions: three witnesses, of whom the middle one must not differ alone. Check: -n 3 -t 0. Right: REFUTED, or
refused: the first general always attacks; asked with him in the middle, (1, 0, 2), the condition fails with R, R, R.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast


def between(outcome, witnesses):
    one, middle, other = (outcome.decisions[w] for w in witnesses)
    return ~((one == other) & (middle != one))


BETWEEN = Condition("Between", "the one between two who agree agrees with them", between, witnesses=3, needs_loyal=3)


class Outlier(Protocol):
    problem = Problem("between", (BETWEEN,), has_commander=False)

    def interchangeable(self):
        return [range(1, self.n)]

    def general(self, me, order):
        yield broadcast(order)
        return ATTACK if me == 0 else RETREAT
