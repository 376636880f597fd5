"""Type: a program that looks at the call stack to see who runs it. Check: -n 3 -t 0. Right: REFUTED, or refused: unless the
checker calls him, each keeps his own order. Orders A, A, R. Wilful.
"""

import inspect

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Watchful(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        if any("engines" in frame.filename for frame in inspect.stack(0)):
            return majority(inbox.get(j, default=RETREAT) for j in self.generals)
        return order
