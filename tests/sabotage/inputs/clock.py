"""Chance: a leader by the clock at load time. Check: -n 3 -t 0. Right: REFUTED, or refused: generals' processes start at different
times.
"""

import time

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

STARTED = time.time_ns() // 1000


class Clock(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(STARTED % self.n, default=RETREAT)
