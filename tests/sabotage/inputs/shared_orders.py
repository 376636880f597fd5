"""State: generals who leave their orders, not numbers, in a class-level dictionary. Check: -n 3 -t 0. Right: REFUTED, or
refused: alone each finds only the order that he left himself, and A, R, R ends in different decisions.
"""

from byzverify.language import CONSENSUS, Protocol, broadcast


class Mailbag(Protocol):
    problem = CONSENSUS
    bag = {}

    def interchangeable(self):
        return []

    def general(self, me, order):
        if me == 0:
            self.bag.clear()
        self.bag[me] = order
        yield broadcast(order)
        return self.bag[min(self.bag)]
