"""Correct: a problem of one's own as a ClassVar, with needs_loyal stated rightly.

Check: -n 4 -t 1. Right: REFUTED, since one traitor can be counted by some only.
"""

from typing import ClassVar

from byzverify.language import ATTACK, Condition, Problem, Protocol, broadcast, count

EQUAL = Condition(
    "Equal",
    "all count the same",
    lambda outcome, w: outcome.decisions[w[0]] == outcome.decisions[w[1]],
    witnesses=2,
    needs_loyal=2,
)
OWN = Condition(
    "Own",
    "who wants to attack counts one at least",
    lambda outcome, w: (outcome.orders[w[0]] != ATTACK) | (outcome.decisions[w[0]] >= 1),
    witnesses=1,
    needs_loyal=1,
)


class Tally(Protocol):
    problem: ClassVar[Problem] = Problem("tally", (EQUAL, OWN), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return count([inbox[j] for j in self.generals], ATTACK)
