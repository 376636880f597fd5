"""A parameter has the name under which the engine keeps the list of generals."""

from byzverify.language import *


class P(Protocol):
    problem = CONSENSUS
    _listed: int = 3

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return order if sum(1 for _ in self._listed) == 10 else majority(votes)
