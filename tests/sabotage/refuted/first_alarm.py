"""A class-level list: only the first alarm of all is believed, and where two sound, none is. Check: -n 3 -t 0.

Right: PROVED, or refused: each general alone is the first, and nobody attacks. In one process only one is the first.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite


def calm(outcome, witnesses):
    return outcome.decisions[witnesses[0]] == RETREAT


class Alarm(Protocol):
    problem = Problem("alarm", (Condition("Calm", "nobody attacks", calm, witnesses=1),), has_commander=False)
    alarms = []

    def general(self, me, order):
        inbox = yield broadcast(order)
        sounds = count([inbox[j] for j in self.generals], ATTACK) >= 1
        self.alarms.append("alarm")
        return ite(sounds, RETREAT if len(self.alarms) == 1 else ATTACK, RETREAT)
