"""State: a list of the class whose name begins and ends with two underscores. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Underscored(Protocol):
    problem = CALM
    __raised__ = []

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = not self.__raised__
        self.__raised__.append(True)
        return alarm([inbox[j] for j in self.generals], self.orders, first)
