"""Correct: ternaries on n and m. Check: -n 4 -m 1 -t 1. Right: PROVED."""

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast, majority


class Ternary(Protocol):
    m: int = 1

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
        for _ in range(1 if self.n > 3 * self.m else 0):
            inbox = yield None if me == COMMANDER else broadcast(told)
            told = order if me == COMMANDER else majority(inbox.get(j, default=RETREAT) for j in self.lieutenants)
        return told
