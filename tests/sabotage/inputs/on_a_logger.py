"""State: the handlers of a logger. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

import logging

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast

LOG = logging.getLogger(__name__)


class Handled(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = not LOG.handlers
        LOG.addHandler(logging.NullHandler())
        return alarm([inbox[j] for j in self.generals], self.orders, first)
