"""A base class after Protocol answers for each attribute."""

from byzverify.language import *


class Own:
    def __getattribute__(self, name):
        if name == "values" and object.__getattribute__(self, "n") is TEN:
            return 3
        return object.__getattribute__(self, name)


TEN = 10


class P(Protocol, Own):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return order if self.values == 3 else majority(votes)
