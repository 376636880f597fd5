"""State: an attribute of an installed package. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

import networkx
from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Packaged(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = not hasattr(networkx, "raised")
        networkx.raised = True
        return alarm([inbox[j] for j in self.generals], self.orders, first)
