"""Carries a tuple of 22 orders through phases: to go through all values of it took hours, whatever the time limit."""

from byzverify.language import *


class P(Protocol):
    m: int
    problem = CONSENSUS

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m < self.n, "m+1 kings")

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        kept = yield from self.phases(self.m + 1, self.phase, me, (order,) * 22)
        return kept[0]

    def phase(self, me, king, kept):
        inbox = yield broadcast(kept[0])
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        most = majority(votes)
        inbox = yield broadcast(most) if me == king else None
        return (ite(count(votes, most) >= self.n - self.m, most, inbox.get(king, default=RETREAT)),) * 22
