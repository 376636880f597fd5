"""Agreement on a graph by relaying along disjoint paths: Dolev, "The Byzantine Generals Strike Again", Journal of
Algorithms 3(1), 1982.

To reach a general who is not a neighbour, a general sends copies along 2m+1 paths that share no general on the way.
Traitors spoil at most m of them, so the majority of the copies is what was sent. With this, everyone can send to
everyone, and any algorithm for complete graphs does the rest: here it is OM(m).
"""

from collections.abc import Generator
from functools import cache

from byzverify.language import (
    COMMANDER,
    General,
    Inbox,
    Network,
    Order,
    Outbox,
    Program,
    Protocol,
    along,
    connectivity,
    disjoint_paths,
    majority,
)

Path = tuple[General, ...]
Told = dict[Path, Order]


class DolevRelay(Protocol):
    """OM(m) whose messages are relayed; (m+1) times as many rounds as the longest of the disjoint paths has edges."""

    m: int
    claim = "IC1 and IC2 for n > 3m, at most m traitors, on graphs of connectivity 2m+1 or more (Dolev 1982)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"OM(m) needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")
        self.require(
            connectivity(self.network) > 0, f"the graph {self.graph} is not connected: messages cannot reach everyone"
        )

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m and connectivity(self.network) > 2 * self.m

    def interchangeable(self) -> list[range]:
        return []  # which paths are taken depends on the generals' numbers

    def general(self, me: General, order: Order) -> Program:
        told: Told = {(): order}
        for length in range(1, self.m + 2):
            told |= yield from self.exchange(me, told, length)
        if me == COMMANDER:
            return order

        def value(path: Path) -> Order:
            if len(path) > self.m:
                return told[path]
            return majority([told[path], *(value((*path, j)) for j in self.others(me, *path))])

        return value((COMMANDER,))

    def exchange(self, me: General, told: Told, length: int) -> Generator[Outbox, Inbox, Told]:
        """Pass on what one was told to everyone not on the path, and give what one is told oneself.

        A copy is named by the path that its order came along with the sender at the end, the receiver, and its number.
        """
        ways = disjoint_routes(self.network, 2 * self.m + 1)
        copies = {
            (path, receiver, number): way
            for path in self.paths(length)
            for receiver in self.others(*path)
            for number, way in enumerate(ways[path[-1], receiver])
        }
        mine = {(path, j, number): told[path[:-1]] for path, j, number in copies if path[-1] == me}
        arrived = yield from along(me, mine, copies)
        return {
            path: majority([arrived[path, me, number] for number in range(len(ways[path[-1], me]))])
            for path in self.paths(length, me)
        }


@cache
def disjoint_routes(graph: Network, number: int) -> dict[tuple[General, General], list[Path]]:
    """For every two generals, paths from one to the other that meet at their ends only; for neighbours, the edge."""
    return {
        (one, other): [(one, other)] if other in graph[one] else disjoint_paths(graph, one, other, number)
        for one in graph
        for other in graph
        if one != other
    }
