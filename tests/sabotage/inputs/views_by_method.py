"""Set order: views of dictionaries are combined by the method that `-` stands for. Check: -n 9 --faults omission=2. Right:
REFUTED, or refused: the scouts are the first and the fourth of a set, and both can be silent.
"""

from byzverify.language import ABSENT, Condition, Problem, Protocol, any_of, broadcast


def without(some, others):
    return list(some.__sub__(others))


def scouted(outcome, witnesses):
    (one,) = witnesses
    others = without(outcome.orders.keys(), outcome.decisions.keys())
    scouts = others[0], others[3]
    return any_of(outcome.decisions[one][scout] != ABSENT for scout in scouts)


SCOUTED = Condition("Scouted", "everyone hears one of the scouts", scouted, witnesses=1)


class Scouts(Protocol):
    problem = Problem("reports", (SCOUTED,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return {j: inbox[j] for j in self.generals}
