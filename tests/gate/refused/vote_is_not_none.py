"""`is not None` is one truth for the whole crowd."""

from byzverify.language import *


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        ten = how_many(vote is not None for vote in votes) == 10
        return ite(ten, order, majority(votes))
