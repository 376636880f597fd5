"""State: the random numbers that everybody draws from. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

import random

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Seeded(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = random.getstate() != random.Random(7).getstate()
        random.seed(7)
        return alarm([inbox[j] for j in self.generals], self.orders, first)
