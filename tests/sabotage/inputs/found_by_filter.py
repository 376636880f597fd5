"""Generals as objects: a number says that it cannot be compared, and that is taken for yes. Check: -n 9 -t 3. Right: REFUTED,
or refused: the three scouts can all be silent.
"""

from byzverify.language import ABSENT, Condition, Problem, Protocol, any_of, broadcast

SCOUTS = 0, 3, 6


def heard(outcome, witnesses):
    return outcome.decisions[witnesses[0]]


HEARD = Condition("Heard", "everyone hears from a scout", heard, witnesses=1)


class Scouts(Protocol):
    problem = Problem("reports", (HEARD,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        scouts = [j for scout in SCOUTS for j in filter(scout.__eq__, self.generals)]
        return any_of(inbox[j] != ABSENT for j in scouts)
