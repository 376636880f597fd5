"""OMH(r), the hybrid oral-messages algorithm: Lincoln & Rushby, "A Formally Verified Algorithm for Interactive
Consistency Under a Hybrid Fault Model", FTCS-23, 1993.

It repairs Z(r). Who finds an error value E passes on R(E), "an error was reported to me", which is a vote like any
other; only an E that is found at first hand does not count. What wins the vote loses one R again.
"""

from collections.abc import Sequence

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

Path = tuple[General, ...]
E = ABSENT  # the error value: what is missing or plainly wrong


class OMH(Protocol):
    """OM(m) in which errors are reported, and reports are votes; (m+1) rounds."""

    m: int
    claim = "IC1 and IC2 for n > 2a+2s+b+m, a <= m (Lincoln & Rushby 1993)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"OMH(m) needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int, symmetric: int = 0, manifest: int = 0) -> bool:
        return self.is_complete and t <= self.m and self.n > 2 * t + 2 * symmetric + manifest + self.m

    @property
    def marks(self) -> tuple[Order, ...]:
        """R(E), R(R(E)), ..., of which a path of k steps can carry k."""
        return tuple(Order(f"R{depth}(E)") for depth in range(1, self.m + 1))

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order

        heard = Reports(self, me, roots=[COMMANDER], missing=E)
        heard.grow((yield None))
        for _ in range(self.m):
            heard.grow((yield heard.relays()))
        return heard.resolved(self.value, (COMMANDER,))

    def value(self, told: Order, reports: Sequence[Order]) -> Order:
        """The value of a path: the vote of what was told along it, and of what the others report about that."""
        return self.unreported(self.vote([self.reported(told), *reports]))

    def vote(self, votes: list[Order]) -> Order:
        """The majority of the votes that are not E; RETREAT if there is none."""
        counted = len(votes) - count(votes, E)
        winner = RETREAT
        for candidate in self.words:
            winner = ite(2 * count(votes, candidate) > counted, candidate, winner)
        return winner

    def reported(self, order: Order) -> Order:
        """R: an error becomes a report, a report a report of a report; an order stays what it is."""
        wrapped = order
        for inner, outer in zip((E, *self.marks), self.marks, strict=False):
            wrapped = ite(order == inner, outer, wrapped)
        return wrapped

    def unreported(self, order: Order) -> Order:
        """UnR, which undoes R."""
        unwrapped = order
        for inner, outer in zip((E, *self.marks), self.marks, strict=False):
            unwrapped = ite(order == outer, inner, unwrapped)
        return unwrapped


class Reports(Tree):
    """What a general hears along each path, where errors are passed on as reports."""

    protocol: OMH

    def told(self, path: Path) -> Order:
        """What came along `path`; more reports than it has steps are plainly wrong."""
        found = super().told(path)
        for mark in self.protocol.marks[len(path) - 1 :]:
            found = ite(found == mark, E, found)
        return found

    def relayed(self, path: Path) -> Order:
        """What is passed on along `path`."""
        return self.protocol.reported(self.told(path))
