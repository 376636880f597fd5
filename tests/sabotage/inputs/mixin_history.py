"""State: a mixin with a class-level list. Check: -n 3 -t 0. Right: REFUTED, or refused: each general alone has a history of
himself only, and decides his own order.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Remembers:
    history = []

    def remember(self, what):
        self.history.append(what)


class Chronicle(Remembers, Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        self.remember(me)
        inbox = yield broadcast(order)
        return inbox.get(self.history[0], default=RETREAT)
