"""State: an attribute of the class that all protocols come from. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Based(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = not hasattr(Protocol, "raised")
        Protocol.raised = True
        return alarm([inbox[j] for j in self.generals], self.orders, first)
