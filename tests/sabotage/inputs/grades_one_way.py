"""One-way conditions: counts of which the first must not be larger. Check: -n 3 -t 0. Right: REFUTED, or refused: later generals
count more, and the condition is asked with the earlier one first; asked as (2, 0) it fails with orders A, A, A.
"""

from byzverify.language import ATTACK, Condition, Problem, Protocol, broadcast, count

ORDERED = Condition(
    "Ordered",
    "nobody counts more than another",
    lambda outcome, w: outcome.decisions[w[0]] <= outcome.decisions[w[1]],
    witnesses=2,
    needs_loyal=2,
)


class Counting(Protocol):
    problem = Problem("counting", (ORDERED,), has_commander=False)

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return count([inbox[j] for j in self.generals if j <= me], ATTACK)
