"""Generals as objects: a condition whose helper class asks its own attribute for its type. Check: -n 9 --faults omission=2. Right: REFUTED,
or refused: not all generals are alike to it.
"""

from dataclasses import dataclass

from byzverify.language import ABSENT, Condition, Problem, Protocol, any_of, broadcast


@dataclass(frozen=True)
class Badge:
    number: int

    @property
    def is_clerk(self):
        return self.number < 2 if type(self.number) is int else True


def heard(outcome, witnesses):
    (one,) = witnesses
    return any_of(said != ABSENT for who, said in outcome.decisions[one].items() if Badge(who).is_clerk)


class Clerks(Protocol):
    problem = Problem(
        "clerks", (Condition("Heard", "everyone hears a clerk", heard, witnesses=1),), has_commander=False
    )

    def general(self, me, order):
        inbox = yield broadcast(order)
        return {j: inbox[j] for j in self.generals}
