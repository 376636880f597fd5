"""Correct: properties and methods on the protocol. Check: -n 4 -m 1 -t 1. Right: PROVED."""

from byzverify.language import ATTACK, COMMANDER, RETREAT, Protocol, broadcast, count, ite


class Methods(Protocol):
    m: int = 1

    @property
    def quorum(self):
        return (self.n - 1) // 2 + 1

    def told(self, inbox):
        return inbox.get(COMMANDER, default=RETREAT)

    def decided(self, votes):
        return ite(count(votes, ATTACK) >= self.quorum, ATTACK, RETREAT)

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        inbox = yield broadcast(self.told(inbox))
        return self.decided([inbox[j] for j in self.lieutenants])
