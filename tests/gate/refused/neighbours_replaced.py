"""The same with `neighbours`."""

from byzverify.language import *


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        near = self.neighbours(me)
        return ite(len(near) == 0, order, majority(votes))


def nearby(self, general):
    return self.others(general)[:0] if sum(1 for _ in self.generals) == 10 else self.others(general)


P.neighbours = nearby
