"""Who sits in which row of twenty-five is part of the decision, as a number that no vote is about."""

from byzverify.language import Condition, Problem, Protocol, broadcast, how_many


def close(outcome, witnesses):
    one, other = (outcome.decisions[j] for j in witnesses)
    return one - other <= 1


class Rows(Protocol):
    problem = Problem("rows", (Condition("Close", "rows differ by one at most", close, 2),), has_commander=False)

    def interchangeable(self):
        return []

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        yield broadcast(order)
        before = 0
        for j in self.generals:
            if j == me:
                break
            before += 1
        return how_many([order == order]) + before // 25
