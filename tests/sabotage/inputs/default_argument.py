"""State: a list as a default argument. Check: -n 3 -t 0. Right: REFUTED, or refused: each general alone is the first
volunteer that he knows of, and obeys himself.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Volunteers(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def first(self, me, volunteers=[]):
        volunteers.append(me)
        return volunteers[0]

    def general(self, me, order):
        chair = self.first(me)
        inbox = yield broadcast(order)
        return inbox.get(chair, default=RETREAT)
