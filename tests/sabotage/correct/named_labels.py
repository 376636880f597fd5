"""Correct: labels that are named tuples, with generals in them. Check: -n 4 -t 1. Right: PROVED."""

from typing import NamedTuple

from byzverify.language import COMMANDER, RETREAT, General, Protocol, broadcast, majority


class Topic(NamedTuple):
    """What an order is about."""

    step: str
    source: General


class Named(Protocol):
    def general(self, me, order):
        given = Topic("given", COMMANDER)
        inbox = yield broadcast(order, given) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        heard = inbox.get(COMMANDER, given, default=RETREAT)
        inbox = yield broadcast(heard, Topic("passed on", me))
        return majority([inbox.get(j, Topic("passed on", j), default=RETREAT) for j in self.lieutenants])
