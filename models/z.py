"""Z(r), for a mixture of arbitrary, symmetric and benign faults: Thambidurai & Park, "Interactive consistency with
multiple failure modes", SRDS 1988.

It is OM(r) in which a benign fault is noticed: what is missing or plainly wrong is the error value E, which is passed
on as such, and votes that are E do not count. That is its mistake: see the model omh, and the museum.
"""

from byzverify.language import (
    ABSENT,
    COMMANDER,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Tree,
    broadcast,
    count,
    ite,
)

E = ABSENT  # the error value; to pass it on is to send nothing, which the receiver notices


class Z(Protocol):
    """OM(m) with error values left out of the vote; (m+1) rounds."""

    m: int
    claim = "IC1 and IC2 for n > 2a+2s+b+m, a <= m (Thambidurai & Park 1988); refuted by Lincoln & Rushby 1993"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"Z(m) needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int, symmetric: int = 0, manifest: int = 0) -> bool:
        return self.is_complete and t <= self.m and self.n > 2 * t + 2 * symmetric + manifest + self.m

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order

        heard = Tree(self, me, roots=[COMMANDER], missing=E)
        heard.grow((yield None))
        for _ in range(self.m):
            heard.grow((yield heard.relays()))
        return heard.resolved(lambda told, values: self.vote([told, *values]), (COMMANDER,))

    def vote(self, votes: list[Order]) -> Order:
        """The majority of the votes that are not E; E if all are, RETREAT if none has a majority."""
        counted = len(votes) - count(votes, E)
        winner = ite(counted == 0, E, RETREAT)
        for candidate in self.orders:
            winner = ite(2 * count(votes, candidate) > counted, candidate, winner)
        return winner
