"""The same with staticmethod."""

from byzverify.language import *


class picked(staticmethod):
    def __get__(self, protocol, kind=None):
        if type(protocol.n) is int and protocol.n == 10:
            return lambda votes, order: order
        return super().__get__(protocol, kind)


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return self.chosen(votes, order)

    def usual(votes, order):
        return majority(votes)

    chosen = picked(usual)
