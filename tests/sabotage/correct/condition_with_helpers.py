"""Correct: conditions written with helper functions. Check: -n 4 -t 1. Right: PROVED."""

from byzverify.language import ATTACK, Condition, Problem, Protocol, broadcast, count


def difference_is_small(one, other, most):
    return (one - other <= most) & (other - one <= most)


def close(outcome, witnesses):
    one, other = (outcome.decisions[w] for w in witnesses)
    return difference_is_small(one, other, 1)


CLOSE = Condition("Close", "what is counted differs by 1 at most", close, witnesses=2, needs_loyal=2)


class Poll(Protocol):
    problem = Problem("poll", (CLOSE,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return count([inbox[j] for j in self.generals], ATTACK)
