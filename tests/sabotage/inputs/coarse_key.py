"""State: a cache with a key that leaves out whose it is. Check: -n 3 -t 0. Right: REFUTED, or refused: seats are equal where sizes
are, so in one process the first general's chair is everybody's; alone each obeys himself.
"""

from dataclasses import dataclass, field
from functools import cache

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


@dataclass(frozen=True)
class Seat:
    size: int
    general: int = field(compare=False)


@cache
def chair_for(seat):
    return seat.general


class Coarse(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(chair_for(Seat(self.n, me)), default=RETREAT)
