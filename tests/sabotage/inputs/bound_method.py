"""State: a list that is only known by its methods. Check: -n 8 -t 1. Right: REFUTED, or refused: alone each general finds the list
empty, and two calls, one of them a traitor's, are enough for him.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite

enlist, enlisted = (lambda some: (some.append, some.__len__))([])


def founded(outcome, witnesses):
    calls = count(outcome.orders.values(), ATTACK)
    return (outcome.decisions[witnesses[0]] == RETREAT) | (calls >= 2)


FOUNDED = Condition("Founded", "no loyal general attacks unless two would", founded, witnesses=1)


class Enlisted(Protocol):
    problem = Problem("enlisted", (FOUNDED,), has_commander=False)

    def general(self, me, order):
        quorum = 3 if enlisted() else 2
        enlist(me)
        inbox = yield broadcast(order)
        return ite(count([inbox[j] for j in self.generals], ATTACK) >= quorum, ATTACK, RETREAT)
