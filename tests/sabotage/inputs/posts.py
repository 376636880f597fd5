"""Generals as objects: what has a group is asked for it, and of a number it is computed. Check: -n 9 -t 3. Right: REFUTED, or
refused: the three generals of a group can all be silent.
"""

from dataclasses import dataclass

from byzverify.language import ABSENT, Condition, Problem, Protocol, all_of, any_of, broadcast


@dataclass(frozen=True)
class Post:
    """A post that belongs to a group, whoever is there."""

    name: str
    group: int


def group_of(who):
    """Posts know their group; of generals every third is in the same."""
    return who.group if hasattr(who, "group") else who % 3


def heard(outcome, witnesses):
    return outcome.decisions[witnesses[0]]


HEARD = Condition("Heard", "everyone hears from every group", heard, witnesses=1)


class Groups(Protocol):
    problem = Problem("reports", (HEARD,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return all_of(
            any_of(inbox[k] != ABSENT for k in self.generals if group_of(k) == group_of(j)) for j in self.generals
        )
