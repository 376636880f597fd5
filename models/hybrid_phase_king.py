"""The phase king protocol for a mixture of faults, at most m byzantine and o of omission: Garay & Perry, "A continuum
of failure models for distributed computing", WDAG 1992.

It is the three-round form with its two thresholds set apart: n-m-o generals can be relied on to be heard, and no more
than m can invent a proposal. One of m+o+1 kings fails in no way.
"""

from byzverify.language import ABSENT, CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, count, ite


class HybridPhaseKing(Protocol):
    """Consensus in 3(m+o+1) rounds with messages of one order each."""

    m: int
    o: int = 1
    problem = CONSENSUS
    claim = "Agreement and Validity for n > 3m+2o, at most m byzantine and o omission faults (Garay & Perry 1992)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(self.m >= 0 and self.o >= 0, f"numbers of faults are 0 or more, not m={self.m}, o={self.o}")
        self.require(self.m + self.o < self.n, f"m+o+1 kings need m+o < n: with n={self.n}, not {self.m + self.o}")

    def tolerates(self, t: int, omission: int = 0, crash: int = 0) -> bool:
        return t <= self.m and omission + crash <= self.o + self.m - t and self.n > 3 * self.m + 2 * self.o

    def interchangeable(self) -> list[range]:
        return [range(self.m + self.o + 1, self.n)]  # all but the kings

    def general(self, me: General, order: Order) -> Program:
        enough = self.n - self.m - self.o
        for king in range(self.m + self.o + 1):
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
            order = ite(sure, order, inbox.get(king, default=RETREAT))
        return order
