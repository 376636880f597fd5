"""The general in the tenth place (9) keeps his own order: in the engine he is the first, or behind more than eight."""

from byzverify.language import CONSENSUS, Protocol, broadcast, majority


class Eighth(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        for place, j in enumerate(self.generals):
            if place == 22 and j == me:
                return order
        return majority([inbox[j] for j in self.generals])
