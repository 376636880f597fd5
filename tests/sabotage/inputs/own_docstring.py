"""State: the text of the program. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Documented(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = self.general.__doc__ is None
        type(self).general.__doc__ = "raised"
        return alarm([inbox[j] for j in self.generals], self.orders, first)
