"""State: a search for the other generals' objects in memory. Check: -n 3 -t 0. Right: REFUTED, or refused: alone each general finds
himself only, and obeys himself. Wilful.
"""

import gc

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Searching(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        object.__setattr__(self, "number", me)
        inbox = yield broadcast(order)
        found = [vars(one).get("number", me) for one in gc.get_objects() if type(one) is type(self)]
        return inbox.get(min(found), default=RETREAT)
