"""Values looked at: a dictionary keyed by orders. Check: -n 3 -t 0. Right: REFUTED, or refused: what is looked up is one's own order."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, majority


class Keyed(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return {ATTACK: order, RETREAT: order}.get(order, majority(votes))
