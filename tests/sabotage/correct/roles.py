"""Correct: roles by number, the others interchangeable. Check: -n 5 --faults crash=1. Right: PROVED."""

from byzverify.language import ABSENT, CONSENSUS, Protocol, broadcast, ite


class TwoKings(Protocol):
    problem = CONSENSUS
    kings: int = 2

    def interchangeable(self):
        return [range(self.kings, self.n)]

    def general(self, me, order):
        for king in range(self.kings):
            inbox = yield broadcast(order) if me == king else None
            order = ite(inbox[king] == ABSENT, order, inbox[king])
        return order
