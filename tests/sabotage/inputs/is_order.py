"""Identity: votes compared with `is`, as one compares members of an Enum. Check: -n 3 -t 0. Right: REFUTED, or refused: what
arrives is the same object in a run and never in the checker; with A, R, R general 0 finds the others alike.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Same(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        one, other = (inbox.get(j, default=RETREAT) for j in self.others(me)[:2])
        if one is other:
            return order
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
