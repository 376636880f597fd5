"""State: the filters of warnings. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

import warnings

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Quiet(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = ("ignore", None, Warning, None, 0) not in warnings.filters
        warnings.simplefilter("ignore")
        return alarm([inbox[j] for j in self.generals], self.orders, first)
