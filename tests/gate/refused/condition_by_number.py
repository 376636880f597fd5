"""A condition that asks something else of exactly ten loyal generals; another that concerns only them."""

from byzverify.language import TRUE, Condition, Problem, Protocol, broadcast, same


def agree_if_ten(outcome, witnesses):
    one, other = witnesses
    return same(outcome.decisions[one], outcome.decisions[other]) if sum(1 for _ in outcome.loyal) == 10 else TRUE


class Ten(Protocol):
    problem = Problem("ten", (Condition("Ten", "ten loyal generals agree", agree_if_ten, 2),), has_commander=False)

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        yield broadcast(order)
        return order
