"""State: a dataclass field with a default_factory, which the generals' copies share. Check: -n 3 -t 0. Right: REFUTED, or
refused: each general alone heads the list that he joins.
"""

from dataclasses import field

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Roster(Protocol):
    problem = CONSENSUS
    roster: list = field(default_factory=list, init=False, repr=False, compare=False)

    def interchangeable(self):
        return []

    def general(self, me, order):
        self.roster.append(me)
        inbox = yield broadcast(order)
        return inbox.get(self.roster[0], default=RETREAT)
