"""State: a closure with a nonlocal variable. Check: -n 3 -t 0. Right: REFUTED, or refused: each general alone is the first to
ask, and obeys himself.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


def an_election():
    elected = None

    def elect(candidate):
        nonlocal elected
        elected = candidate if elected is None else elected
        return elected

    return elect


class Closure(Protocol):
    problem = CONSENSUS
    elect = staticmethod(an_election())

    def interchangeable(self):
        return []

    def general(self, me, order):
        elected = self.elect(me)
        inbox = yield broadcast(order)
        return inbox.get(elected, default=RETREAT)
