"""OM(m) in which an order needs the votes of more than half of all n generals, also where fewer have a vote.

`Byzantine.py` of solarmist/Byzantine-Generals (GitHub, commit ed181db, lines 127-142) compares the votes on an order
with n/2, rounded down, wherever it stands in the tree. There are n-1 of them at the top, n-2 one level below, and so
on. LSP 1982, section 3, Step 3 of OM(m), asks for a majority of the votes. Without one, or a tie, the program answers
"?".
"""

from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    RETREAT,
    General,
    Order,
    Program,
    all_of,
    broadcast,
    count,
    ite,
)
from byzverify.models.om import OM

Path = tuple[General, ...]
UNKNOWN = ABSENT  # the answer "?"


class MajorityOfAll(OM):
    """OM(m), n/2 being half at every level; (m+1) rounds."""

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
            votes = [told(path), *(value((*path, j)) for j in self.others(me, *path))]
            winner = UNKNOWN
            for candidate in self.orders:
                winner = ite(count(votes, candidate) > self.n // 2, candidate, winner)
            tie = all_of(count(votes, candidate) == self.n // 2 for candidate in (RETREAT, ATTACK))
            return ite(tie, RETREAT, winner)

        return value((COMMANDER,))
