"""Correct: modules that are imported when they are needed. Check: -n 4 -t 0. Right: PROVED."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite


class ImportsInside(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        import calendar
        import statistics
        import xml.dom.minidom

        import weights_module

        assert xml.dom.minidom.Node.ELEMENT_NODE == 1
        assert calendar.isleap(2024)
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        least = min(weights_module.threshold(self.n), statistics.median_low([9]))
        return ite(count(votes, ATTACK) >= least, ATTACK, RETREAT)
