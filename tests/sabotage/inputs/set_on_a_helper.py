"""State: an attribute of a helper module, set by its name. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

import alarm_settings
from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Helped(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = not alarm_settings.QUIET
        setattr(alarm_settings, "QUIET", True)  # noqa: B010
        return alarm([inbox[j] for j in self.generals], self.orders, first)
