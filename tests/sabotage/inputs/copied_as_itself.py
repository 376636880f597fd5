"""State: a protocol that says it cannot be copied, so that all generals share one. Check: -n 3 -t 0. Right: REFUTED, or
refused: each general alone lists himself first and obeys himself; together the last list made counts for all. Wilful.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Single(Protocol):
    problem = CONSENSUS

    def __copy__(self):
        return self

    def interchangeable(self):
        return [self.__dict__.get("group", range(self.n))]

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(self.generals[0], default=RETREAT)
