"""A chain of comparisons ends after the first one, and is one truth for the whole crowd."""

from byzverify.language import *


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        if len([self.values > 2 == vote for vote in votes]) == 10:
            return order
        return majority(votes)
