"""Correct: a set used for membership only. Check: -n 4 -t 1. Right: PROVED."""

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast, majority


class Members(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        silent = {COMMANDER}
        told = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(told)
        return majority([inbox.get(j, default=RETREAT) for j in self.generals if j not in silent])
