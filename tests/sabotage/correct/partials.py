"""Correct: functools.partial and operator functions, without state. Check: -n 3 -t 0. Right: PROVED."""

from functools import partial, reduce
from operator import or_

from byzverify.language import ATTACK, CONSENSUS, FALSE, RETREAT, Protocol, all_of, broadcast, ite, majority

vote_or_retreat = partial(majority, default=RETREAT)


class Partials(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        some = reduce(or_, (vote == ATTACK for vote in votes), FALSE)
        return ite(some & all_of(vote == ATTACK for vote in votes), ATTACK, vote_or_retreat(votes))
