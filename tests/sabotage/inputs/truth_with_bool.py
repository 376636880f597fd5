"""Truths compared: with a tuple of TRUE. Check: -n 3 -t 0. Right: REFUTED, or refused: with R, A, A general 0 finds all others
attacking and keeps R, which the checker never sees.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, TRUE, Protocol, broadcast, ite, majority


class AllOthers(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        others = [inbox.get(j, default=RETREAT) == ATTACK for j in self.others(me)]
        unanimous = others == [TRUE] * len(others)
        return ite(unanimous, order, majority(inbox.get(j, default=RETREAT) for j in self.generals))
