"""Each king listens for one more round than the others, and is late from then on."""

from byzverify.language import *


class P(Protocol):
    m: int
    problem = CONSENSUS

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m < self.n, "m+1 kings need 0 <= m < n")

    def tolerates(self, t):
        return t <= self.m == 2 and self.n > 15

    def interchangeable(self):
        return [range(self.m + 1, self.n)]

    def general(self, me, order):
        return (yield from self.phases(self.m + 1, self.phase, me, order))

    def phase(self, me, king, order):
        enough = self.n - self.m
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        proposal = ABSENT
        for candidate in self.orders:
            proposal = ite(count(votes, candidate) >= enough, candidate, proposal)

        inbox = yield broadcast(proposal)
        proposals = [inbox[sender] for sender in self.generals]
        for candidate in self.orders:
            order = ite(count(proposals, candidate) > self.m, candidate, order)

        inbox = yield broadcast(order) if me == king else None
        sure = count(proposals, order) >= enough
        kept = ite(sure, order, inbox.get(king, default=order))
        if me == king:
            yield None
        return kept
