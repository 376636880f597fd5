"""The two-round phase king in which the king sends his majority to all others, and does not take it up himself.

`KingBGA.java` (lines 22-39) and `Process.java` (lines 26-29) of mavlaho/Distribuirani-procesi (GitHub, commit c047ec0):
a broadcast leaves the sender out, and `kingValue` is set by an arriving message only. A king who is not sure of his
majority falls back on what the king before him said, or on the value that the variable began with.
"""

from byzverify.language import (
    ABSENT,
    CONSENSUS,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    broadcast,
    count,
    ite,
    majority,
)


class DeafKing(Protocol):
    """The two-round phase king without the king's message to himself; 2(m+1) rounds."""

    m: int
    problem = CONSENSUS
    claim = "none holds; believed to give Agreement and Validity for n > 4m and at most m traitors"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, f"m+1 kings need 0 <= m < n: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 4 * self.m

    def interchangeable(self) -> list[range]:
        return [range(self.m + 1, self.n)]  # all but the kings

    def general(self, me: General, order: Order) -> Program:
        known = RETREAT  # what the last king that one heard said
        for king in range(self.m + 1):
            inbox = yield broadcast(order)
            votes = [inbox.get(sender, default=RETREAT) for sender in self.generals]
            most = majority(votes)
            sure = 2 * count(votes, most) > self.n + 2 * self.m

            inbox = yield broadcast(most, without=[me]) if me == king else None
            known = ite(inbox[king] == ABSENT, known, inbox[king])
            order = ite(sure, most, known)
        return order
