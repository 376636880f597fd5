"""Numbers: stakes that are floats. Check: -n 4 -t 0. Right: REFUTED, or one clear error: the stakes of generals 0 and 1 make up
exactly half, 2.0 of 4; in the checker weights that are no integers are counted wrongly.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, how_many, ite

STAKES = [0.5, 0.5, 0.5, 0.5]


class Stakes(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        held = how_many([])
        for stake, vote in zip(STAKES, votes, strict=True):
            held = held + stake * how_many([vote == ATTACK])
        return ite(held >= 2, ATTACK, ite(held >= 1, order, RETREAT))
