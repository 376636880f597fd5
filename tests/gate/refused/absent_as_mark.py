"""The mark ABSENT hides how many say nothing."""

from byzverify.language import *


class P(Protocol):
    problem = CONSENSUS

    def __post_init__(self):
        self.require(self.n > 0, "n")

    @property
    def marks(self):
        return (ABSENT,)

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield None
        silent = how_many(inbox[j] == ABSENT for j in self.generals)
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return ite(silent == 10, order, majority(votes))
