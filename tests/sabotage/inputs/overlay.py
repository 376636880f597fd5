"""Chance: a random graph of another package, with no seed, says whom the generals follow. Check: -n 6 -t 0. Right:
refused: each process has a graph of its own.
"""

import networkx as nx

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

OVERLAY = nx.watts_strogatz_graph(6, 2, 0.1)
CENTRE = max(range(6), key=OVERLAY.degree)


class Follow(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(CENTRE, default=RETREAT)
