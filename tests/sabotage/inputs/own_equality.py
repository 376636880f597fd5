"""State: a protocol whose equality is that of its parameters, with a cached method. Check: -n 3 -t 0. Right: REFUTED, or refused: all
copies are one key, so the first general's chair is everybody's; alone each obeys himself.
"""

from functools import cache

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Equal(Protocol):
    problem = CONSENSUS

    def __eq__(self, other):
        return type(self) is type(other) and self.n == other.n

    def __hash__(self):
        return hash(self.n)

    def interchangeable(self):
        return []

    @cache
    def chair(self):
        return self.me

    def general(self, me, order):
        object.__setattr__(self, "me", me)
        inbox = yield broadcast(order)
        return inbox.get(self.chair(), default=RETREAT)
