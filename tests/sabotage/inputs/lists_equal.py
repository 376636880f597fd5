"""Values looked at: two lists of orders with `==`. Check: -n 4 -t 0. Right: REFUTED, or refused: with A, R, A, R generals find different
neighbours alike.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Lists(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return order if votes[:2] == votes[2:] else majority(votes)
