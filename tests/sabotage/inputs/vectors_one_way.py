"""One-way conditions: the first witness's entry about the second. Check: -n 3 -t 0. Right: REFUTED, or refused: general 2 writes
RETREAT for general 0, whose order is ATTACK; the condition asks general 0 about general 2 only.
"""

from byzverify.language import RETREAT, Condition, Problem, Protocol, broadcast

KNOWS = Condition(
    "Knows",
    "each knows the orders of the others",
    lambda outcome, w: outcome.decisions[w[0]][w[1]] == outcome.orders[w[1]],
    witnesses=2,
    needs_loyal=2,
)


class Forgetful(Protocol):
    problem = Problem("knowledge", (KNOWS,), has_commander=False)

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return {j: inbox.get(j, default=RETREAT) if j >= me else RETREAT for j in self.generals}
