"""Type: `type(order) is Order`, to be sure that something came. Check: -n 3 -t 0. Right: REFUTED, or refused: in the checker the
type is another one, so all take the majority; in a run with A, A, R each keeps his own.
"""

from byzverify.language import CONSENSUS, RETREAT, Order, Protocol, broadcast, majority


class Typed(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        if type(order) is Order:
            return order
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
