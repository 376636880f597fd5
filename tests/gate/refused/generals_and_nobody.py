"""The same with an empty tuple."""

from byzverify.language import *


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        others = how_many(one != me for one in [*self.generals, *()])
        return ite(others == 9, order, majority(votes))
