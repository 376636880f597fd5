"""State: an attribute of a node of the graph. Check: -n 6 --values 7 -t 0. Right: REFUTED, or refused: alone each general is
the first to raise the alarm.
"""

from one_alarm import CALM, alarm

from byzverify.language import Protocol, broadcast


class Marked(Protocol):
    problem = CALM

    def general(self, me, order):
        inbox = yield broadcast(order)
        first = "raised" not in self.network.nodes[0]
        self.network.nodes[0]["raised"] = True
        return alarm([inbox[j] for j in self.generals], self.orders, first)
