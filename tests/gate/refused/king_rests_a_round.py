"""A queen sends, and then everybody listens: she listens one round after the others, and is late from then on."""

from byzverify.language import *


class P(Protocol):
    m: int
    problem = CONSENSUS

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m < self.n, "m+1 queens need 0 <= m < n")

    def tolerates(self, t):
        return t <= self.m and self.n > 4 * self.m

    def general(self, me, order):
        return (yield from self.phases(self.m + 1, self.phase, me, order))

    def phase(self, me, queen, order):
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        order = plurality(votes, tie=RETREAT)
        sure = count(votes, order) >= self.n - self.m
        if me == queen:
            yield broadcast(order)
        inbox = yield None
        return ite(sure, order, inbox.get(queen, default=order))
