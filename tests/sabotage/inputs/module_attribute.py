"""State: an attribute of the module, set by `setdefault` on its dictionary. Check: -n 3 -t 0. Right: REFUTED, or refused: alone each
general sets it, and obeys himself.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Module(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        chair = globals().setdefault("chair", me)
        inbox = yield broadcast(order)
        return inbox.get(chair, default=RETREAT)
