"""Correct: inner generators that are consumed at once. Check: -n 3 -t 0. Right: PROVED."""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Inner(Protocol):
    problem = CONSENSUS

    def votes(self, inbox):
        for j in self.generals:
            yield inbox.get(j, default=RETREAT)

    def general(self, me, order):
        for _ in range(2):
            inbox = yield broadcast(order)
            order = majority(self.votes(inbox))
        return order
