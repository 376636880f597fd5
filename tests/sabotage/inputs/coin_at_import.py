"""Chance: the king is drawn when the model is loaded, one of two. Check: -n 4 -t 0. Right: refused, or REFUTED: each
general draws his own king.
"""

import random

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

KING = random.randrange(2)


class Coin(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(KING, default=RETREAT)
