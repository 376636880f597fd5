"""Different code: a model with two helper files, which are swapped after a map. Right: a map shows the cell refuted: after
the swap each keeps his own order.
"""

from helper_early import rule as early
from helper_late import rule as late

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class TwoHelpers(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(early(order, [order]))
        return late(order, [inbox.get(j, default=RETREAT) for j in self.generals])
