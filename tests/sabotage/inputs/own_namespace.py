"""State: a variable of the module, by its name in `globals()`. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Namespace(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = "raised" not in globals()
        globals()["raised"] = True
        return alarm([inbox[j] for j in self.generals], self.orders, first)
