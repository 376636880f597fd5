"""OM(m) in which a tie falls to the order that a general was given himself.

`byzantine_node.py` of manojgadamsetty/distributed-computing-assignments (GitHub, commit dc3853b, lines 74-89) puts the
commander's order first and takes Python's `Counter(...).most_common(1)`, which gives the first of those that lead. In
LSP 1982, section 3, the value of a majority that does not exist is RETREAT, for everyone.
"""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Tree, broadcast, majority
from byzverify.models.om import OM


class TieToOwn(OM):
    """OM(m), no majority meaning one's own order; (m+1) rounds."""

    claim = "none holds; believed to solve the problem for n > 3m and at most m traitors"

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order

        heard = Tree(self, me, roots=[COMMANDER], missing=RETREAT)
        heard.grow((yield None))
        yield from heard.relaying(self.m)
        return heard.resolved(lambda told, values: majority([told, *values], default=told), (COMMANDER,))
