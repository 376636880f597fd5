"""OM(m) in which a lieutenant votes on what the others tell him and not on what the commander told him.

An easy slip: compare LSP 1982, section 3, Step 3 of OM(m), which takes majority(v_1, ..., v_n-1). Of these v_j, the one
with j = i is the value that lieutenant i had from the commander in Step 2.
"""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, broadcast, majority
from byzverify.models.om import OM

Path = tuple[General, ...]


class OwnValueLeftOut(OM):
    """OM(m) with n-2 votes in place of n-1; (m+1) rounds."""

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
            return majority([value((*path, j)) for j in self.others(me, *path)])

        return value((COMMANDER,))
