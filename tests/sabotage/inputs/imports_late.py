"""Different code: a helper imported while the program runs, and changed after a map. Right: a map shows the cell refuted: with the other rule each
keeps his own order.
"""

from importlib import import_module

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class ImportsLate(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return import_module("helper_late").rule(order, votes)
