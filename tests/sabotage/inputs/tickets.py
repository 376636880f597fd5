"""State: a global `itertools.count` that hands out tickets. Check: -n 3 -t 0. Right: REFUTED, or refused: each general
alone draws ticket 0 and decides his own order.
"""

from itertools import count

from byzverify.language import ABSENT, CONSENSUS, Protocol, broadcast, plurality

TICKETS = count()


class Tickets(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        mine = next(TICKETS) % self.n
        inbox = yield broadcast(order) if mine == 0 else None
        return order if mine == 0 else plurality([inbox[j] for j in self.generals], tie=ABSENT)
