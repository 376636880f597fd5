"""State: a context variable, meant to be each general's own. Check: -n 3 -t 0. Right: REFUTED, or refused: each general
alone finds it unset, and obeys himself.
"""

from contextvars import ContextVar

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

CHAIR = ContextVar("CHAIR", default=None)


class InContext(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        if CHAIR.get() is None:
            CHAIR.set(me)
        inbox = yield broadcast(order)
        return inbox.get(CHAIR.get(), default=RETREAT)
