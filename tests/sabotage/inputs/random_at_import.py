"""Chance: a leader drawn when the file is loaded. Check: -n 3 -t 0. Right: REFUTED, or refused: each general's process draws a leader
of its own.
"""

import random

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

DRAWN = random.random()


class Lottery(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(int(DRAWN * self.n), default=RETREAT)
