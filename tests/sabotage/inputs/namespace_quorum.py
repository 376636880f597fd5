"""State: a namespace of the module, settled by the first execution. Check: -n 8 -t 1. Right: REFUTED, or refused: alone each general
is the first, and two calls, one of them a traitor's, are enough for him.
"""

from types import SimpleNamespace

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite

SETTINGS = SimpleNamespace(quorum=2)


def founded(outcome, witnesses):
    calls = count(outcome.orders.values(), ATTACK)
    return (outcome.decisions[witnesses[0]] == RETREAT) | (calls >= 2)


FOUNDED = Condition("Founded", "no loyal general attacks unless two would", founded, witnesses=1)


class Watch(Protocol):
    problem = Problem("watch", (FOUNDED,), has_commander=False)

    def general(self, me, order):
        quorum, SETTINGS.quorum = SETTINGS.quorum, 3
        inbox = yield broadcast(order)
        return ite(count([inbox[j] for j in self.generals], ATTACK) >= quorum, ATTACK, RETREAT)
