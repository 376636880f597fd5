"""OM(m) in which a vote is cast by whatever came along a longer path, where only paths longer by one have a vote.

`BGenerals.go` of JJU115/Byzantine-Generals (GitHub, commit 9c5c1fb, lines 129-133) finds the votes on an order by
asking which paths begin with its path. That gives its children and also their children, who have voted on them
already. LSP 1982, section 3, Step 3 of OM(m), has one vote for each lieutenant.
"""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, broadcast, majority
from byzverify.models.om import OM

Path = tuple[General, ...]


class EveryDescendant(OM):
    """OM(m) with a vote for each descendant in the tree; (m+1) rounds."""

    claim = "none holds; believed to solve the problem for n > 3m and at most m traitors"

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order

        inboxes = [(yield None)]

        def told(path: Path) -> Order:
            return inboxes[len(path) - 1].get(path[-1], path, default=RETREAT)

        for _ in range(self.m):
            relayed = [broadcast(told(path), label=(*path, me), without=path) for path in self.paths(len(inboxes), me)]
            inboxes.append((yield relayed))

        def value(path: Path) -> Order:
            if len(path) > self.m:
                return told(path)
            below = [longer for length in range(len(path) + 1, self.m + 2) for longer in self.paths(length, me)]
            return majority([told(path), *(value(longer) for longer in below if longer[: len(path)] == path)])

        return value((COMMANDER,))
