"""Chance: the bytes that say who is king are drawn when the model is loaded. Check: -n 4 -t 0. Right: refused, or REFUTED:
each general draws his own.
"""

import os

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

SEED = bytearray(os.urandom(2))


class Drawn(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(SEED[0] % self.n, default=RETREAT)
