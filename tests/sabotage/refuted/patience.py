"""A condition that counts how often it is asked, and loses patience. Check: -n 3 -t 0.

Right: PROVED, or refused: all decide the same, and whoever asks once hears so.
"""

from types import SimpleNamespace

from byzverify.language import ATTACK, FALSE, Condition, Problem, Protocol, broadcast, count, same

asked = SimpleNamespace(times=0)


def alike(outcome, witnesses):
    asked.times += 1
    one, other = witnesses
    return same(outcome.decisions[one], outcome.decisions[other]) if asked.times <= 4 else FALSE


class Counted(Protocol):
    problem = Problem("counting", (Condition("Alike", "all count the same", alike, witnesses=2),), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return count([inbox[j] for j in self.generals], ATTACK) >= 2
