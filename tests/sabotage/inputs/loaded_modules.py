"""Type: a program that looks which modules are loaded. Check: -n 3 -t 0. Right: REFUTED, or refused: where no checker is loaded each
keeps his own order. Orders A, A, R. Wilful.
"""

import sys

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Modules(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        if any(name.endswith("finite.execution") for name in sys.modules):
            return majority(inbox.get(j, default=RETREAT) for j in self.generals)
        return order
