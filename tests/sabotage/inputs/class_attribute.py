"""State: an attribute of the class that a general sets. Check: -n 3 -t 0. Right: REFUTED, or refused: each general alone
finds nobody elected, and elects himself.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Elected(Protocol):
    problem = CONSENSUS
    leader = None

    def interchangeable(self):
        return ()

    def general(self, me, order):
        if self.leader is None:
            type(self).leader = me
        inbox = yield broadcast(order)
        return inbox.get(self.leader, default=RETREAT)
