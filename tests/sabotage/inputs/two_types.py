"""Generals as objects: everyone notes what he hears, the reports of his two mentors under a type of its own. Check: -n 6 -t 2. Right:
REFUTED, or refused: the mentors of each are others, and if both are silent he hears from none.
"""

from typing import NamedTuple

from byzverify.language import ABSENT, Condition, Order, Problem, Protocol, any_of, broadcast


class Advice(NamedTuple):
    said: Order


class Hearsay(NamedTuple):
    said: Order


def advised(outcome, witnesses):
    notes = outcome.decisions[witnesses[0]].values()
    return any_of(note.said != ABSENT for note in notes if isinstance(note, Advice))


class Mentored(Protocol):
    problem = Problem("advice", (Condition("Advised", "everyone hears a mentor", advised, 1),), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        mentors = [self.generals[2], self.generals[4]]
        return {one: Advice(inbox[one]) if one in mentors else Hearsay(inbox[one]) for one in self.generals}
