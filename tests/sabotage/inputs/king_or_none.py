"""Generals as objects: a general is found by `is`, and what he is compared with is chosen first. Check: -n 9 -t 2. Right:
REFUTED, or refused: both kings can be traitors.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite, majority

KINGS = 0, 1


class Kings(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        for number in KINGS:
            king = next((j for j in self.generals if j is (number if self.n else None)), me)
            inbox = yield broadcast(order)
            votes = [inbox.get(j, default=RETREAT) for j in self.generals]
            most = majority(votes)
            sure = (count(votes, ATTACK) >= self.n - 2) | (count(votes, RETREAT) >= self.n - 2)
            inbox = yield broadcast(most)
            order = ite(sure, most, inbox.get(king, default=RETREAT))
        return order
