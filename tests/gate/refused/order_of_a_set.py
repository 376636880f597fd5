"""A threshold depends on which member of a set comes last, which is another one in each process."""

from byzverify.language import *

KINDS = frozenset({"bold", "timid"})


class P(Protocol):
    m: int
    problem = CONSENSUS

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m < self.n, "m+1 kings")

    def tolerates(self, t):
        return t <= self.m and self.n > 4 * self.m

    def general(self, me, order):
        return (yield from self.phases(self.m + 1, self.phase, me, order))

    def phase(self, me, king, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        most = majority(votes)
        slack = 1
        for kind in KINDS:
            slack = 1 if kind == "bold" else 2
        inbox = yield broadcast(most) if me == king else None
        sure = 2 * count(votes, most) > self.n + slack * self.m
        return ite(sure, most, inbox.get(king, default=RETREAT))
