"""Set order: a leader drawn by the hash of a tuple with a text in it. Check: -n 4 -t 0. Right: REFUTED, or refused: each process
has a hash of its own for texts, so generals obey different leaders.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Drawn(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        leader = min(self.generals, key=lambda j: hash(("epoch 1", j)))
        inbox = yield broadcast(order)
        return inbox.get(leader, default=RETREAT)
