"""Identity: a lookup by `id`, as a fast dictionary of enum members. Check: -n 3 -t 0. Right: REFUTED, or refused: equal orders that came are
one object in a run, and different objects in the checker. Orders A, R, R.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class ById(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        others = [inbox.get(j, default=RETREAT) for j in self.others(me)]
        if len({id(vote) for vote in others}) == 1:
            return order
        return majority([order, *others])
