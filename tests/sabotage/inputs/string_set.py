"""Set order: the first of a set of strings. Check: -n 3 -t 0. Right: REFUTED, or refused: each process has an order of its own, so
generals send under one label and read under another, and keep their own orders.
"""

from byzverify.language import CONSENSUS, Protocol, broadcast, majority

TOPICS = {"order", "vote", "plan", "wish"}


class Topics(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        topic = next(iter(TOPICS))
        inbox = yield broadcast(order, label=topic)
        return majority(inbox.get(j, topic, default=order) for j in self.generals)
