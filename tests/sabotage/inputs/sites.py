"""Generals as objects: where somebody is follows from his number, if he is a number. Check: -n 6 --faults omission=2. Right: REFUTED, or
refused: two generals are at each of three sites, three numbers apart, and if both are silent nobody hears from their site.
"""

from byzverify.language import ABSENT, Condition, Problem, Protocol, all_of, any_of, broadcast


def site(who):
    return who % 3 if isinstance(who, int) else who


def heard(outcome, witnesses):
    return outcome.decisions[witnesses[0]]


class Sites(Protocol):
    problem = Problem("reports", (Condition("Heard", "everyone hears from every site", heard, 1),), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return all_of(
            any_of(inbox[one] != ABSENT for one in self.generals if site(one) == site(other)) for other in self.generals
        )
