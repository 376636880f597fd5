"""Chance: the time when the file is loaded. Check: -n 3 -t 0. Right: REFUTED, or refused: each general's process has a time of its own."""

from datetime import datetime

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

STARTED = datetime.now()


class Timed(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(STARTED.microsecond % self.n, default=RETREAT)
