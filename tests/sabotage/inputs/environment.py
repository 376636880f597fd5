"""State: an environment variable as a bulletin board. Check: -n 3 -t 0. Right: REFUTED, or refused: generals are processes of
their own, each sets the variable for himself and obeys himself.
"""

import os

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Environment(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        chair = int(os.environ.setdefault("PROTOCOL_CHAIR", str(me)))
        inbox = yield broadcast(order)
        return inbox.get(chair, default=RETREAT)
