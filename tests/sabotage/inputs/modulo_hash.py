"""Generals as objects: who is in the first bucket by hash. Check: -n 4 --faults omission=1. Right: REFUTED, or refused: the bucket
holds general 0, and he can leave some receivers out.
"""

from byzverify.language import ABSENT, CONSENSUS, Protocol, broadcast, ite, plurality


class Buckets(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        told = plurality([inbox[j] for j in self.generals if hash(j) % 4 == 0], tie=ABSENT)
        return ite(told == ABSENT, order, told)
