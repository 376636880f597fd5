"""The three-round phase king in which n-m-1 proposals are enough to be sure, one fewer than it takes.

An easy slip, by one: Berman, Garay & Perry, FOCS 1989, want n-m proposals. At least n-2m of these are loyal, which is
more than m: so everyone has seen more than m of them, and has taken the same order up.
"""

from byzverify.language import ABSENT, CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, count, ite


class SureTooEarly(Protocol):
    """The three-round phase king with the guard against the king one too low; 3(m+1) rounds."""

    m: int
    problem = CONSENSUS
    claim = "none holds; believed to give Agreement and Validity for n > 3m and at most m traitors"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, f"m+1 kings need 0 <= m < n: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

    def interchangeable(self) -> list[range]:
        return [range(self.m + 1, self.n)]  # all but the kings

    def general(self, me: General, order: Order) -> Program:
        enough = self.n - self.m
        for king in range(self.m + 1):
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
            sure = count(proposals, order) >= enough - 1
            order = ite(sure, order, inbox.get(king, default=RETREAT))
        return order
