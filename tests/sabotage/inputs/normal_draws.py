"""Chance: samples of a normal distribution, with no seed, decide ties. Check: -n 4 -t 0. Right: refused: they are others
in each process.
"""

from statistics import NormalDist

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, plurality

TIE = ATTACK if NormalDist().samples(1)[0] > 0 else RETREAT


class Vote(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        return plurality([inbox.get(j, default=RETREAT) for j in self.generals], TIE)
