"""A helper ends without `return`, so that there is None for the whole crowd."""

from byzverify.language import *


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        if len([self.seen(vote) for vote in votes]) == 10:
            return order
        return majority(votes)

    def seen(self, vote):
        if self.values > 2:
            return vote == ATTACK
