"""A helper takes one entry out of an iterator each time that it is called: once for the crowd."""

from byzverify.language import *


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        left = enumerate([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        votes = [self.noted(inbox[j], left) for j in self.generals]
        more = [one for one in left]
        if len(more) == 0:
            return order
        return majority(votes)

    def noted(self, vote, left):
        for one in left:
            return vote
        return vote
