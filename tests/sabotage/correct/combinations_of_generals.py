"""Correct: enumerate, zip and itertools.combinations over generals. Check: -n 4 -t 0. Right: PROVED."""

from itertools import combinations

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, all_of, any_of, broadcast, ite


class Triples(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield [broadcast(order, label=label) for label, _ in zip(("a", "b"), range(2), strict=True)]
        votes = [inbox.get(j, "a" if place % 2 else "b", default=RETREAT) for place, j in enumerate(self.generals)]
        attack = any_of(all_of(vote == ATTACK for vote in three) for three in combinations(votes, 3))
        return ite(attack, ATTACK, RETREAT)
