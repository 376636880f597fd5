"""Set order: whoever is third in a set of all generals attacks. Check: -n 6 -t 1. Right: REFUTED, or refused: he is the only one."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast


class Ranked(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        yield broadcast(order)
        ranking = list(set(self.generals))
        return ATTACK if ranking.index(me) == 2 else RETREAT
