"""Chance: who is king in which round is drawn when the model is loaded. Check: -n 4 -t 0. Right: refused, or REFUTED: each
general draws his own kings.
"""

import random

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

KINGS = dict(enumerate(random.sample(range(4), 4)))


class Drawn(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(KINGS[0], default=RETREAT)
