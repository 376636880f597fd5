"""State: `threading.local`, meant to be each general's own. Check: -n 3 -t 0. Right: REFUTED, or refused: each general alone
finds nothing there, and obeys himself.
"""

import threading

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

MINE = threading.local()


class Local(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        if not hasattr(MINE, "chair"):
            MINE.chair = me
        inbox = yield broadcast(order)
        return inbox.get(MINE.chair, default=RETREAT)
