"""The phase queen protocol for a mixture of faults, at most m byzantine and o of omission: Biely, Schmid & Weiss,
"Synchronous consensus under hybrid process and link failures", Theoretical Computer Science 412(40), 2011.

Phase: (1) everyone sends his order and takes up the one that arrives oftenest; if it does so more than 2m+o times
oftener than all others, he is sure of it. (2) The queen sends her order to those who are not sure. One of the m+o+1
queens fails in no way. It is shorter than the king's protocol and needs more generals.
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
    plurality,
)


class HybridPhaseQueen(Protocol):
    """Consensus in 2(m+o+1) rounds with messages of one order each."""

    m: int
    o: int = 1
    problem = HYBRID_CONSENSUS
    claim = "Agreement and Validity for n > 4m+2o, m byzantine and o omission faults (Biely, Schmid & Weiss 2011)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(self.m >= 0 and self.o >= 0, f"numbers of faults are 0 or more, not m={self.m}, o={self.o}")
        self.require(self.m + self.o < self.n, f"m+o+1 queens need m+o < n: with n={self.n}, not {self.m + self.o}")

    def tolerates(self, t: int, omission: int = 0, crash: int = 0) -> bool:
        enough = self.is_complete and self.n > 4 * self.m + 2 * self.o
        return enough and t <= self.m and t + omission + crash <= self.m + self.o

    def interchangeable(self) -> list[range]:
        return [range(self.m + self.o + 1, self.n)]  # all but the queens

    def general(self, me: General, order: Order) -> Program:
        return (yield from self.phases(self.m + self.o + 1, self.phase, me, order))

    def phase(self, me: General, queen: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        arrived = how_many(vote != ABSENT for vote in votes)
        order = plurality(votes, tie=RETREAT)
        sure = 2 * count(votes, order) - arrived > 2 * self.m + self.o

        inbox = yield broadcast(order) if me == queen else None
        return ite(sure, order, inbox.get(queen, default=RETREAT))
