"""State: how deep everybody may call functions. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

import sys

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Deep(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = sys.getrecursionlimit() < 20_000
        sys.setrecursionlimit(20_000)
        return alarm([inbox[j] for j in self.generals], self.orders, first)
