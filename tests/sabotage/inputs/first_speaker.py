"""State: a global that the first run leaves, the chair of all later ones. Check: -n 3 -t 0. Right: REFUTED, or refused: in a
first run each keeps his own order, and A, A, R differ.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

HISTORY = []


class FirstSpeaker(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        chair = HISTORY[0] if HISTORY else me
        inbox = yield broadcast(order)
        HISTORY.append(0)
        return inbox.get(chair, default=RETREAT)
