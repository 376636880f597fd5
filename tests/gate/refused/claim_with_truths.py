"""Quorum, which is right for n > 4*m. The claim says so with a count of truths, which the printed statement leaves out."""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, count, how_many, ite, majority


class Quorum(Protocol):
    m: int
    problem = CONSENSUS

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m < self.n, "0 <= m < n")

    def tolerates(self, t):
        """n > 4*m if there is a traitor to be tolerated, otherwise n > 3*m."""
        return t <= self.m and self.n > 3 * self.m + how_many([self.m > 0]) * self.m

    def interchangeable(self):
        return [range(self.m + 1, self.n)]

    def general(self, me, order):
        return (yield from self.phases(self.m + 1, self.phase, me, order))

    def phase(self, me, king, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        most = majority(votes)
        inbox = yield broadcast(most) if me == king else None
        return ite(count(votes, most) >= self.n - self.m, most, inbox.get(king, default=RETREAT))
