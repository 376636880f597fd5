"""State: an attribute of an enum's member that begins with an underscore. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each
general is the first to raise the alarm.
"""

from enum import Enum

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Site(Enum):
    NORTH = 1
    SOUTH = 2

    def __init__(self, number):
        self._reports = []


class Alarm(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = not Site.NORTH._reports
        Site.NORTH._reports.append(self.n)
        return alarm([inbox[j] for j in self.generals], self.orders, first)
