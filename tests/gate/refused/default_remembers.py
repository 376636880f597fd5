"""A default is one list for all calls, in which `__post_init__` notes the size."""

from byzverify.language import *

TABLE = [0]


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def __post_init__(self, known=TABLE):
        super().__post_init__()
        known[0] = 1 if self.n == 10 else 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return order if TABLE[0] == 1 else majority(votes)
