"""State: a counter in a bytearray. Check: -n 8 -t 1. Right: REFUTED, or refused: alone each general counts himself as the first, and
two calls, one of them a traitor's, are enough for him.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite

BEGUN = bytearray(1)


def founded(outcome, witnesses):
    calls = count(outcome.orders.values(), ATTACK)
    return (outcome.decisions[witnesses[0]] == RETREAT) | (calls >= 2)


FOUNDED = Condition("Founded", "no loyal general attacks unless two would", founded, witnesses=1)


class Counted(Protocol):
    problem = Problem("counted", (FOUNDED,), has_commander=False)

    def general(self, me, order):
        quorum = 2 + BEGUN[0]
        BEGUN[0] = 1
        inbox = yield broadcast(order)
        return ite(count([inbox[j] for j in self.generals], ATTACK) >= quorum, ATTACK, RETREAT)
