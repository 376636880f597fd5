"""Correct: `concerns` of loyal generals, with no promise.

Check: -n 4 -t 1. Right: REFUTED, since a traitor splits the majority.
"""

from byzverify.language import RETREAT, Condition, Problem, Protocol, broadcast, majority, same

SAME = Condition(
    "Same",
    "where three are loyal, all decide the same",
    lambda outcome, w: same(*(outcome.decisions[one] for one in w)),
    witnesses=2,
    concerns=lambda protocol, loyal: len(loyal) >= 3,
)


class Simple(Protocol):
    problem = Problem("same", (SAME,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
