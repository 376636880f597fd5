"""Generals as objects: what is no number gives a TypeError, which is caught. Check: -n 9 -t 3. Right: REFUTED, or refused: the
three generals of a site can all be silent.
"""

from decimal import Decimal, InvalidOperation

from byzverify.language import ABSENT, Condition, Problem, Protocol, all_of, any_of, broadcast


def site(who):
    try:
        return Decimal(who) % 3
    except (TypeError, InvalidOperation):
        return who


def heard(outcome, witnesses):
    return outcome.decisions[witnesses[0]]


HEARD = Condition("Heard", "everyone hears from every site", heard, witnesses=1)


class Stations(Protocol):
    problem = Problem("reports", (HEARD,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return all_of(any_of(inbox[k] != ABSENT for k in self.generals if site(k) == site(j)) for j in self.generals)
