"""Truths compared: in a condition. Check: -n 3 -t 0 --values 3. Right: REFUTED, or refused: two readinesses are never equal in
the checker, so it asks the second question only; with RETREAT and ORDER2 two generals are alike unready and differ.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, ite


def aligned(outcome, witnesses):
    (ready, one), (other_ready, other) = (outcome.decisions[w] for w in witnesses)
    earnest = ~(ready & (one == RETREAT)) & ~(other_ready & (other == RETREAT))
    return ite(ready == other_ready, one == other, earnest)


ALIGNED = Condition(
    "Aligned", "who is alike ready decides the same, who is ready does not retreat", aligned, witnesses=2
)


class Readiness(Protocol):
    problem = Problem("readiness", (ALIGNED,), has_commander=False)

    def general(self, me, order):
        yield broadcast(order)
        return (order == ATTACK, order)
