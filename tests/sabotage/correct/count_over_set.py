"""Correct: `count` over a set comprehension of generals. Check: -n 5 -t 0. Right: PROVED."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite


class Counting(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        voters = {j for j in self.generals if self.n > 2 or j == me}
        return ite(2 * count([inbox[j] for j in voters], ATTACK) > self.n, ATTACK, RETREAT)
