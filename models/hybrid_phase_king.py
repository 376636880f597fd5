"""The phase king protocol for a mixture of faults, at most m byzantine and o of omission: Biely, Schmid & Weiss,
"Synchronous consensus under hybrid process and link failures", Theoretical Computer Science 412(40), 2011.

It is the three-round form of the phase king with thresholds on what did arrive, so that a message that is missing
counts for nothing. Phase: (1) everyone sends his order; who sees one order more than m+o times oftener than all
others proposes it. (2) Who sees an order proposed by more than m takes it up; by more than 2m+o, he is sure of it.
(3) The king sends his order to those who are not sure. One of the m+o+1 kings fails in no way.
"""

from byzverify.language import (
    ABSENT,
    HYBRID_CONSENSUS,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    broadcast,
    count,
    how_many,
    ite,
)


class HybridPhaseKing(Protocol):
    """Consensus in 3(m+o+1) rounds with messages of one order each."""

    m: int
    o: int = 1
    problem = HYBRID_CONSENSUS
    claim = "Agreement and Validity for n > 3m+2o, m byzantine and o omission faults (Biely, Schmid & Weiss 2011)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(self.m >= 0 and self.o >= 0, f"numbers of faults are 0 or more, not m={self.m}, o={self.o}")
        self.require(self.m + self.o < self.n, f"m+o+1 kings need m+o < n: with n={self.n}, not {self.m + self.o}")

    def tolerates(self, t: int, omission: int = 0, crash: int = 0) -> bool:
        enough = self.is_complete and self.n > 3 * self.m + 2 * self.o
        return enough and t <= self.m and t + omission + crash <= self.m + self.o

    def interchangeable(self) -> list[range]:
        return [range(self.m + self.o + 1, self.n)]  # all but the kings

    def general(self, me: General, order: Order) -> Program:
        return (yield from self.phases(self.m + self.o + 1, self.phase, me, order))

    def phase(self, me: General, king: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        arrived = how_many(vote != ABSENT for vote in votes)
        proposal = ABSENT
        for candidate in self.orders:
            lead = 2 * count(votes, candidate) - arrived
            proposal = ite(lead > self.m + self.o, candidate, proposal)

        inbox = yield broadcast(proposal)
        proposals = [inbox[sender] for sender in self.generals]
        order = RETREAT
        for candidate in self.orders:
            order = ite(count(proposals, candidate) > self.m, candidate, order)
        sure = count(proposals, order) > 2 * self.m + self.o

        inbox = yield broadcast(order) if me == king else None
        return ite(sure, order, inbox.get(king, default=order))
