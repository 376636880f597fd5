"""Chance: a leader by the process's number. Check: -n 3 -t 0. Right: REFUTED, or refused: each general is a process of his own."""

import os

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

PROCESS = os.getpid()


class ByProcess(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(PROCESS % self.n, default=RETREAT)
