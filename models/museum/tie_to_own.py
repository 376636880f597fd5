"""OM(m) in which a tie falls to the order that a general was given himself.

`byzantine_node.py` of manojgadamsetty/distributed-computing-assignments (GitHub, commit dc3853b, lines 74-89) puts the
commander's order first and takes Python's `Counter(...).most_common(1)`, which gives the first of those that lead. In
LSP 1982, section 3, the value of a majority that does not exist is RETREAT, for everyone.
"""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, broadcast, majority
from byzverify.models.om import OM

Path = tuple[General, ...]


class TieToOwn(OM):
    """OM(m), no majority meaning one's own order; (m+1) rounds."""

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
            return majority([told(path), *(value((*path, j)) for j in self.others(me, *path))], default=told(path))

        return value((COMMANDER,))
