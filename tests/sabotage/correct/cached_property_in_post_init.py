"""Correct: a cached_property that is read while the protocol is built, so it is the same for all.

Check: -n 4 -t 0. Right: PROVED.
"""

from functools import cached_property

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Committee(Protocol):
    problem = CONSENSUS

    def __post_init__(self):
        super().__post_init__()
        self.require(len(self.committee) == 1, "there must be one chair")

    @cached_property
    def committee(self):
        return self.generals[:1]

    def interchangeable(self):
        return [range(1, self.n)]

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(self.committee[0], default=RETREAT)
