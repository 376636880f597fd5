"""Generals as objects: sorted by `id`, which for small integers is their order. Check: -n 4 --faults crash=1. Right: REFUTED, or
refused: general 0 leads, and can crash halfway; the check of interchangeability runs on names, whose ids say nothing.
"""

from byzverify.language import CONSENSUS, Protocol, broadcast


class ById(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        leader = sorted(self.generals, key=id)[0]
        inbox = yield broadcast(order)
        return inbox.get(leader, default=order)
