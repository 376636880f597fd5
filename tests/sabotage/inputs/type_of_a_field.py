"""Generals as objects: a helper class asks its own attribute for its type. Check: -n 9 -t 3. Right: REFUTED, or refused: generals of one site are
not interchangeable with those of another, and a whole site can be silent.
"""

from dataclasses import dataclass

from byzverify.language import ABSENT, Condition, Problem, Protocol, all_of, any_of, broadcast


@dataclass
class Post:
    """Where somebody is; commanders of whole sites go by name."""

    who: int | str

    @property
    def site(self):
        return self.who % 3 if type(self.who) is int else self.who


def heard(outcome, witnesses):
    return outcome.decisions[witnesses[0]]


HEARD = Condition("Heard", "everyone hears from every site", heard, witnesses=1)


class Stations(Protocol):
    problem = Problem("reports", (HEARD,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return all_of(
            any_of(inbox[k] != ABSENT for k in self.generals if Post(k).site == Post(j).site) for j in self.generals
        )
