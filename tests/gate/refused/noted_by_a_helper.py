"""A helper extends a list each time that it is called: once for the crowd."""

from byzverify.language import *


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        seen = []
        votes = [self.noted(inbox[j], seen) for j in self.generals]
        return order if len(seen) == 10 else majority(votes)

    def noted(self, vote, seen):
        seen += [ATTACK]
        return vote
