"""A list with the number 0 in it was taken for what generals said; the truth about its entries is one for the crowd."""

from byzverify.language import *


class P(Protocol):
    def tolerates(self, t):
        return t <= 1 and self.n > 3

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        told = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(told)
        votes = [inbox.get(j, default=RETREAT) for j in self.lieutenants]
        everyone = [0, *self.lieutenants]
        others = how_many(one != me for one in everyone)
        return ite(others == 9, told, majority(votes))
