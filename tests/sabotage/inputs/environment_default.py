"""State: a default that is put into the environment. Check: -n 8 -t 1. Right: REFUTED, or refused: alone each general finds nothing
there, and two calls, one of them a traitor's, are enough for him.
"""

import os

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite


def founded(outcome, witnesses):
    calls = count(outcome.orders.values(), ATTACK)
    return (outcome.decisions[witnesses[0]] == RETREAT) | (calls >= 2)


FOUNDED = Condition("Founded", "no loyal general attacks unless two would", founded, witnesses=1)


class Configured(Protocol):
    problem = Problem("configured", (FOUNDED,), has_commander=False)

    def general(self, me, order):
        quorum = int(os.environ.get("COUNCIL_QUORUM", "2"))
        os.environ.setdefault("COUNCIL_QUORUM", "3")
        inbox = yield broadcast(order)
        return ite(count([inbox[j] for j in self.generals], ATTACK) >= quorum, ATTACK, RETREAT)
