"""Correct: lru_cache on a function of generals' numbers. Check: -n 4 -t 0. Right: PROVED."""

from functools import lru_cache

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


@lru_cache
def is_chair(general, n):
    return general == n - 1


class Chair(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return [range(self.n - 1)]

    def general(self, me, order):
        inbox = yield broadcast(order)
        chair = next(j for j in range(self.n) if is_chair(j, self.n))
        return inbox.get(chair, default=RETREAT)
