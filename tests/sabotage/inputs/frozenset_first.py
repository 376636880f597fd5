"""Set order: the first of a frozenset. Check: -n 4 --faults crash=2. Right: REFUTED, or refused: that is lieutenant 1, and if he
crashes as well as the commander, two lieutenants differ; the checker lets lieutenant 3 crash instead.
"""

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast


class Deputy(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        told = inbox.get(COMMANDER, default=RETREAT)
        deputy = list(frozenset(self.lieutenants))[0]
        inbox = yield broadcast(told) if me == deputy else None
        return inbox.get(deputy, default=told)
