"""State: a WeakKeyDictionary of all protocols that are alive. Check: -n 3 -t 0. Right: REFUTED, or refused: alone each general finds
himself only, and obeys himself.
"""

from weakref import WeakKeyDictionary

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

ALIVE = WeakKeyDictionary()


class Alive(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        ALIVE[self] = me
        inbox = yield broadcast(order)
        return inbox.get(min(ALIVE.values()), default=RETREAT)
