"""Set order: a condition about the first and the last of those who are not asked, from the keys of two dictionaries. Check: -n 6
--faults omission=2. Right: REFUTED, or refused: what is left of the keys is a set, and who comes first in it has to do with the numbers.
"""

from byzverify.language import ABSENT, Condition, Problem, Protocol, any_of, broadcast


def scouted(outcome, witnesses):
    (one,) = witnesses
    others = list(outcome.orders.keys() - outcome.decisions.keys())
    return any_of(outcome.decisions[one][scout] != ABSENT for scout in (others[0], others[3]))


class Scouts(Protocol):
    problem = Problem("scouts", (Condition("Scouted", "everyone hears a scout", scouted, 1),), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return {one: inbox[one] for one in self.generals}
