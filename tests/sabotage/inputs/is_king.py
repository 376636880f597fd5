"""Generals as objects: `me is KING`. Check: -n 4 -t 0. Right: REFUTED, or refused: small integers are one object each and names
are not, so the check of interchangeability never sees that general 2 is special. With A, A, A, R he decides R.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority

KING = 2


class King(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        told = [inbox.get(j, default=RETREAT) for j in self.generals]
        return told[1] if me is KING else majority(told)
