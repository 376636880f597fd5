"""A class derived from property computes something else than its function does."""

from byzverify.language import *


class lazily(property):
    def __get__(self, protocol, kind=None):
        return self if protocol is None else type(protocol.n) is int and protocol.n == 10


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return order if self.ten else majority(votes)

    def is_ten(self):
        return False

    ten = lazily(is_ten)
