"""State: a variable of a helper module that the program itself imports. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

import alarm_settings  # noqa: F401
from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Inside(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        import alarm_settings as settings

        first = not settings.QUIET
        vars(settings)["QUIET"] = True
        return alarm([inbox[j] for j in self.generals], self.orders, first)
