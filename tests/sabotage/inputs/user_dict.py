"""State: a UserDict of the module. Check: -n 8 -t 1. Right: REFUTED, or refused: alone each general sets the quorum himself, and
two calls, one of them a traitor's, are enough for him.
"""

from collections import UserDict

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite

REGISTER = UserDict()


def founded(outcome, witnesses):
    calls = count(outcome.orders.values(), ATTACK)
    return (outcome.decisions[witnesses[0]] == RETREAT) | (calls >= 2)


FOUNDED = Condition("Founded", "no loyal general attacks unless two would", founded, witnesses=1)


class Registered(Protocol):
    problem = Problem("registered", (FOUNDED,), has_commander=False)

    def general(self, me, order):
        quorum = REGISTER.get("quorum", 2)
        REGISTER["quorum"] = 3
        inbox = yield broadcast(order)
        return ite(count([inbox[j] for j in self.generals], ATTACK) >= quorum, ATTACK, RETREAT)
