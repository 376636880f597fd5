"""State: the precision with which everybody calculates. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

import decimal

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Exact(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = decimal.getcontext().prec == 28
        decimal.getcontext().prec = 50
        return alarm([inbox[j] for j in self.generals], self.orders, first)
