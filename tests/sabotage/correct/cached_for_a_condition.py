"""Correct: a cached method that gives a dictionary, at which all only look. Check: -n 4 -t 0. Right: PROVED."""

from functools import cache

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite


def founded(outcome, witnesses):
    least = outcome.protocol.least()["votes"]
    return (outcome.decisions[witnesses[0]] == RETREAT) | (count(outcome.orders.values(), ATTACK) >= least)


FOUNDED = Condition("Founded", "no loyal general attacks unless enough would", founded, witnesses=1)


class Founded(Protocol):
    problem = Problem("founded", (FOUNDED,), has_commander=False)

    @cache  # noqa: B019
    def least(self):
        return {"votes": self.n // 2 + 1}

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return ite(count(votes, ATTACK) >= self.least()["votes"], ATTACK, RETREAT)
