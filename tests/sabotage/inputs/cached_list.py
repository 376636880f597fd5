"""State: a list that a cached function gives to all. Check: -n 8 -t 1. Right: REFUTED, or refused: alone each general finds the list
empty, and two calls, one of them a traitor's, are enough for him.
"""

from functools import cache

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite


@cache
def seated(n):
    return []


def founded(outcome, witnesses):
    calls = count(outcome.orders.values(), ATTACK)
    return (outcome.decisions[witnesses[0]] == RETREAT) | (calls >= 2)


FOUNDED = Condition("Founded", "no loyal general attacks unless two would", founded, witnesses=1)


class Council(Protocol):
    problem = Problem("council", (FOUNDED,), has_commander=False)

    def general(self, me, order):
        chair = not seated(self.n)
        seated(self.n).append(me)
        inbox = yield broadcast(order)
        return ite(count([inbox[j] for j in self.generals], ATTACK) >= 3 - chair, ATTACK, RETREAT)
