"""One-way conditions: one that looks at the first witness only. Check: -n 3 -t 0. Right: REFUTED, or refused: general 2 decides
against everybody; he is never the first witness.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, ite

KEEPS = Condition(
    "Keeps",
    "everybody who has company keeps his order",
    lambda outcome, w: outcome.decisions[w[0]] == outcome.orders[w[0]],
    witnesses=2,
    needs_loyal=2,
)


class Contrary(Protocol):
    problem = Problem("keeping", (KEEPS,), has_commander=False)

    def interchangeable(self):
        return []

    def general(self, me, order):
        yield broadcast(order)
        return order if me < self.n - 1 else ite(order == ATTACK, RETREAT, ATTACK)
