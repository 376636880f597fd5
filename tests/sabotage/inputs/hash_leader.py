"""Generals as objects: the one with the smallest hash leads. Check: -n 4 --faults crash=1. Right: REFUTED, or refused: names have
their numbers' hashes, so nothing is noticed and only general 3 is tried; general 0 can crash halfway through.
"""

from byzverify.language import CONSENSUS, Protocol, broadcast


class ByHash(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        leader = min(self.generals, key=hash)
        inbox = yield broadcast(order)
        return inbox.get(leader, default=order)
