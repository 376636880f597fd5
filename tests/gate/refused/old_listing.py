"""Another instance lists fewer generals; in the engine it still knows the others of the first one."""

from byzverify.language import (
    BYZANTINE_GENERALS,
    COMMANDER,
    RETREAT,
    Protocol,
    broadcast,
    count,
    ite,
    majority,
)


class Council(Protocol):
    problem = BYZANTINE_GENERALS

    def tolerates(self, t):
        return t == 0 and self.n > 2

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        council = self.listing([COMMANDER])
        told = majority([inbox.get(j, default=RETREAT) for j in council.others(me) if j == COMMANDER])
        wrong = count([told], told) < count([inbox.get(j, default=told) for j in council.others()], told)
        return ite(self.n > 25, ite(count([told for j in council.others()], told) > 1, told, RETREAT), told)
