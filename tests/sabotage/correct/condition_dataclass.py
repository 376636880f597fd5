"""Correct: a condition that is an object of a dataclass, which has no hash. Check: -n 4 -t 1. Right: PROVED."""

from dataclasses import dataclass

from byzverify.language import ATTACK, Condition, Problem, Protocol, broadcast, count


@dataclass
class Near:
    distance: int

    def __call__(self, outcome, witnesses):
        one, other = (outcome.decisions[w] for w in witnesses)
        return (one <= other + self.distance) & (other <= one + self.distance)


NEAR = Condition("Near", "counts differ by no more than there are traitors", Near(1), witnesses=2, needs_loyal=2)


class Counting(Protocol):
    problem = Problem("counting", (NEAR,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return count([inbox[j] for j in self.generals], ATTACK)
