"""`interchangeable`, which runs at known sizes only, notes the size in a list of the module."""

from byzverify.language import *

TABLE = [0]


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def interchangeable(self):
        TABLE[0] = self.n
        return [range(self.n)]

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return order if TABLE[0] == 10 else majority(votes)
