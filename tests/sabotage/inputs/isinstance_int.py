"""Generals as objects: `isinstance(me, int)`. Check: -n 4 -t 0. Right: REFUTED, or refused: general 2 is another than the rest,
and the check of interchangeability runs on names, which are no integers. With A, A, A, R general 2 decides R.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Numbered(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        told = [inbox.get(j, default=RETREAT) for j in self.generals]
        return told[1] if isinstance(me, int) and me == 2 else majority(told)
