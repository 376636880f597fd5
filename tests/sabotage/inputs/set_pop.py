"""Set order: `set.pop`. Check: -n 4 --faults crash=1. Right: REFUTED, or refused: it gives general 0 each time, who can crash
halfway; the checker takes the generals for interchangeable and lets the last one crash.
"""

from byzverify.language import CONSENSUS, Protocol, broadcast


class Popped(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        leader = set(self.generals).pop()
        inbox = yield broadcast(order)
        return inbox.get(leader, default=order)
