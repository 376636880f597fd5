"""OM(m) in which a vote is cast by whatever came along a longer path, where only paths longer by one have a vote.

`BGenerals.go` of JJU115/Byzantine-Generals (GitHub, commit 9c5c1fb, lines 129-133) finds the votes on an order by
asking which paths begin with its path. That gives its children and also their children, who have voted on them
already. LSP 1982, section 2, Step 3 of OM(m), has one vote for each lieutenant.
"""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast, majority

Path = tuple[General, ...]


class EveryDescendant(Protocol):
    """OM(m) with a vote for each descendant in the tree; (m+1) rounds."""

    m: int
    claim = "none holds; believed to solve the problem for n > 3m and at most m traitors"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, f"OM(m) needs 0 <= m <= n-2: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order

        inboxes = [(yield None)]

        def told(path: Path) -> Order:
            return inboxes[len(path) - 1].get(path[-1], path, default=RETREAT)

        for steps in range(self.m):
            relayed = [broadcast(told(path), label=(*path, me), without=path) for path in self.paths(me, steps)]
            inboxes.append((yield relayed))

        def value(path: Path) -> Order:
            if len(path) > self.m:
                return told(path)
            below = [longer for steps in range(len(path), self.m + 1) for longer in self.paths(me, steps)]
            return majority([told(path), *(value(longer) for longer in below if longer[: len(path)] == path)])

        return value((COMMANDER,))

    def paths(self, me: General, steps: int) -> list[Path]:
        """The paths with so many steps after the commander along which an order can come to `me`."""
        paths: list[Path] = [(COMMANDER,)]
        for _ in range(steps):
            paths = [(*path, j) for path in paths for j in self.others(me, *path)]
        return paths
