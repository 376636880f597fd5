"""Correct: generals sorted by number.

Check: -n 4 -t 1. Right: REFUTED, since general 0 as the traitor splits the others.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class First(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        leader = sorted(self.generals)[0]
        inbox = yield broadcast(order)
        return inbox.get(leader, default=RETREAT)
