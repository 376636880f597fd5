"""OM(m) in which an order needs the votes of more than half of all n generals, also where fewer have a vote.

`Byzantine.py` of solarmist/Byzantine-Generals (GitHub, commit ed181db, lines 127-142) compares the votes on an order
with n/2, rounded down, wherever it stands in the tree. There are n-1 of them at the top, n-2 one level below, and so
on. LSP 1982, section 3, Step 3 of OM(m), asks for a majority of the votes. Without one, or a tie, the program answers
"?".
"""

from collections.abc import Sequence

from byzverify.language import (
    ABSENT,
    ATTACK,
    COMMANDER,
    RETREAT,
    General,
    Order,
    Program,
    Tree,
    all_of,
    broadcast,
    count,
    ite,
)
from byzverify.models.om import OM

UNKNOWN = ABSENT  # the answer "?"


class MajorityOfAll(OM):
    """OM(m), n/2 being half at every level; (m+1) rounds."""

    claim = "none holds; believed to solve the problem for n > 3m and at most m traitors"

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order

        heard = Tree(self, me, roots=[COMMANDER], missing=RETREAT)
        heard.grow((yield None))
        yield from heard.relaying(self.m)
        return heard.resolved(self.winner, (COMMANDER,))

    def winner(self, told: Order, values: Sequence[Order]) -> Order:
        """The order with the votes of more than half of all generals; a tie is a half, rounded down, for each."""
        votes = [told, *values]
        winner = UNKNOWN
        for candidate in self.orders:
            winner = ite(2 * count(votes, candidate) > self.n, candidate, winner)
        halves = [2 * count(votes, candidate) for candidate in (RETREAT, ATTACK)]
        tie = all_of((half <= self.n) & (half >= self.n - 1) for half in halves)
        return ite(tie, RETREAT, winner)
