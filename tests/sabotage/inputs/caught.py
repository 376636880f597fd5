"""Values looked at: an `if` on an order, with every error caught. Check: -n 3 -t 0. Right: REFUTED, or refused: with A, A, R each keeps his own
order.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, majority


class Caught(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        try:
            return order if order == ATTACK else RETREAT
        except Exception:
            return majority(inbox.get(j, default=RETREAT) for j in self.generals)
