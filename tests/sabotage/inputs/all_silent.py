"""Identity: a helper asks by `is` whether nothing came. Check: -n 5 --faults omission=4. Right: REFUTED, or refused: on terms nothing is ever
ABSENT itself, so `all` asks of the first sender only.
"""

from byzverify.language import ABSENT, RETREAT, Condition, Problem, Protocol, broadcast


def stays(outcome, witnesses):
    (one,) = witnesses
    return outcome.decisions[one] == outcome.orders[one]


def missing(said):
    return said is ABSENT


class Silence(Protocol):
    problem = Problem(
        "silence", (Condition("Stays", "everyone keeps to his order", stays, witnesses=1),), has_commander=False
    )

    def general(self, me, order):
        inbox = yield broadcast(order)
        lost = all(missing(inbox[j]) for j in self.others(me))
        return RETREAT if lost else order
