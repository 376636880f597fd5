"""Different code: a variant chosen by an environment variable, another one after a map. Right: a map shows the cell refuted: in the variant KEEP
each keeps his own order.
"""

import os

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority

VARIANT = os.environ.get("PROTOCOL_VARIANT", "KEEP")


class Variant(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        return order if VARIANT == "KEEP" else majority(inbox.get(j, default=RETREAT) for j in self.generals)
