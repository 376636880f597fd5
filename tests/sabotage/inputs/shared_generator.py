"""State: a global generator that gives out numbers with `send`. Check: -n 3 -t 0. Right: REFUTED, or refused: alone each general is
the first to send his number in, and obeys himself.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


def elections():
    first = None
    while True:
        candidate = yield first
        first = candidate if first is None else first


ELECTIONS = elections()
next(ELECTIONS)


class Sent(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        chair = ELECTIONS.send(me)
        inbox = yield broadcast(order)
        return inbox.get(chair, default=RETREAT)
