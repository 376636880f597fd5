"""State: an attribute hung on the constant ATTACK's votes. Check: -n 3 -t 0. Right: REFUTED, or refused: alone each general is the
first to hang his number there, and obeys himself. Wilful.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast


class Hung(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        if not ATTACK.votes:
            ATTACK.votes = (me,)
        chair = ATTACK.votes[0]
        inbox = yield broadcast(order)
        return inbox.get(chair, default=RETREAT)
