"""State: a list that a helper of the module computes once. Check: -n 8 -t 1. Right: REFUTED, or refused: alone each general takes the
small quorum from the list, and two calls, one of them a traitor's, are enough for him.
"""

from functools import cached_property

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite


class Rules:
    @cached_property
    def quorums(self):
        return [3, 2]


RULES = Rules()


def founded(outcome, witnesses):
    calls = count(outcome.orders.values(), ATTACK)
    return (outcome.decisions[witnesses[0]] == RETREAT) | (calls >= 2)


FOUNDED = Condition("Founded", "no loyal general attacks unless two would", founded, witnesses=1)


class Ruled(Protocol):
    problem = Problem("ruled", (FOUNDED,), has_commander=False)

    def general(self, me, order):
        quorum = RULES.quorums.pop() if len(RULES.quorums) > 1 else RULES.quorums[0]
        inbox = yield broadcast(order)
        return ite(count([inbox[j] for j in self.generals], ATTACK) >= quorum, ATTACK, RETREAT)
