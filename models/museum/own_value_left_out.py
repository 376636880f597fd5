"""OM(m) in which a lieutenant votes on what the others tell him and not on what the commander told him.

An easy slip: compare LSP 1982, section 3, Step 3 of OM(m), which takes majority(v_1, ..., v_n-1). Of these v_j, the one
with j = i is the value that lieutenant i had from the commander in Step 2.
"""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Tree, broadcast, majority
from byzverify.models.om import OM


class OwnValueLeftOut(OM):
    """OM(m) with n-2 votes in place of n-1; (m+1) rounds."""

    claim = "none holds; believed to solve the problem for n > 3m and at most m traitors"

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order

        heard = Tree(self, me, roots=[COMMANDER], missing=RETREAT)
        heard.grow((yield None))
        yield from heard.relaying(self.m)
        return heard.resolved(lambda _, values: majority(values), (COMMANDER,))
