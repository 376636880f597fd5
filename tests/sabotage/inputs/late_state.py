"""State: a variable of a helper module that only the program imports. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each
general is the first to raise the alarm.
"""

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class LateState(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        import late_settings as settings

        first = not settings.QUIET
        vars(settings)["QUIET"] = True
        return alarm([inbox[j] for j in self.generals], self.orders, first)
