"""needs_loyal: 2, and the condition asks little where two are loyal. Check: -n 4 -t 2. Right: REFUTED, or the promise refused:
with three loyal generals a traitor splits a majority; the checker tries two traitors only.
"""

from byzverify.language import ABSENT, RETREAT, Condition, Problem, Protocol, broadcast, majority, same


def enough(outcome, witnesses):
    one, other = (outcome.decisions[w] for w in witnesses)
    decided = ~(one == ABSENT) & ~(other == ABSENT)
    return decided if len(outcome.loyal) < 3 else decided & same(one, other)


ENOUGH = Condition("Enough", "where three are loyal, all decide the same", enough, witnesses=2, needs_loyal=2)


class Simple(Protocol):
    problem = Problem("enough", (ENOUGH,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
