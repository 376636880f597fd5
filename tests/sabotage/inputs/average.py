"""Numbers: a condition that halves counts. Check: -n 5 -t 2. Right: REFUTED, or one clear error: two traitors make the counts
of two generals differ by 2, and half of that is 1.
"""

from byzverify.language import ATTACK, Condition, Problem, Protocol, broadcast, count


def close(outcome, witnesses):
    one, other = (outcome.decisions[w] for w in witnesses)
    return ~(0.5 * one - 0.5 * other >= 1) & ~(0.5 * other - 0.5 * one >= 1)


CLOSE = Condition("Close", "half of what generals count differs by less than 1", close, witnesses=2)


class Average(Protocol):
    problem = Problem("average", (CLOSE,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return count([inbox[j] for j in self.generals], ATTACK)
