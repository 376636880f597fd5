"""State: a helper module beside the model that keeps a register. Check: -n 3 -t 0. Right: REFUTED, or refused: each general
alone is the first in it, and obeys himself.
"""

from register import enrolled

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Registered(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        chair = min(enrolled(me))
        inbox = yield broadcast(order)
        return inbox.get(chair, default=RETREAT)
