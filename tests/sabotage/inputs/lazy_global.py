"""State: a global table, filled by whoever needs it first. Check: -n 4 -t 0. Right: REFUTED, or refused: each
general alone fills the table with himself at the head.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast

TABLE = []


class Table(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        if not TABLE:
            TABLE.extend([me, *self.others(me)])
        inbox = yield broadcast(order)
        return inbox.get(TABLE[0], default=RETREAT)
