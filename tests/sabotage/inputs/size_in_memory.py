"""Values looked at: a size in memory, which says whether something came. Check: -n 3 -t 0. Right: REFUTED, or refused: plain orders are smaller
than symbolic ones. Orders A, A, R. Wilful.
"""

import sys

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, majority


class Sizes(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        if sys.getsizeof(order) <= sys.getsizeof(ATTACK):
            return order
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
