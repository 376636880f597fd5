"""State: a cache by size that the first general fills. Check: -n 4 -t 0. Right: REFUTED, or refused: the
last of one's others is general 3 for all but himself, who alone takes general 2 for the chair.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

CHAIRS = {}


class BySize(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def chair(self, me):
        if self.n not in CHAIRS:
            CHAIRS[self.n] = self.others(me)[-1]
        return CHAIRS[self.n]

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(self.chair(me), default=RETREAT)
