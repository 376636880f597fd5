"""State: a condition that keeps a list behind a cached function. Check: -n 5 -t 0. Right: REFUTED, or refused: asked for the first
time, the condition says that nobody may attack; asked again, it forgives whatever was decided.
"""

from functools import cache

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite


@cache
def verdicts(n):
    return []


def peaceful(outcome, witnesses):
    given = verdicts(outcome.protocol.n)
    given.append(witnesses)
    return (outcome.decisions[witnesses[0]] == RETREAT) | (len(given) > 1)


PEACEFUL = Condition("Peaceful", "no loyal general attacks", peaceful, witnesses=1)


class Judged(Protocol):
    problem = Problem("judged", (PEACEFUL,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return ite(count([inbox[j] for j in self.generals], ATTACK) >= self.n - 1, ATTACK, RETREAT)
