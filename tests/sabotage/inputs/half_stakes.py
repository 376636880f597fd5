"""Numbers: stakes that are floats. Check: -n 4 -t 0. Right: REFUTED, or one clear error: two or three who attack hold 1.0 or
1.5, which is not 2, and then each keeps his own order: A, A, A, R.
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
