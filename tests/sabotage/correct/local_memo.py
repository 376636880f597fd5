"""Correct: a memo dictionary that is local to a general. Check: -n 4 -t 1. Right: PROVED."""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Memo(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        direct = yield broadcast(order, label="own")
        told = yield [broadcast(direct.get(j, "own", default=RETREAT), label=("of", j)) for j in self.generals]
        memo = {}

        def vote_of(j):
            if j not in memo:
                memo[j] = majority(told.get(k, ("of", j), default=RETREAT) for k in self.others(j))
            return memo[j]

        return majority([vote_of(j) for j in self.generals] + [vote_of(j) for j in self.generals])
