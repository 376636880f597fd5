"""Correct: labels that are numbers and texts with names. Check: -n 4 -t 1. Right: PROVED."""

from enum import IntEnum, StrEnum

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast, majority


class Step(IntEnum):
    GIVEN = 1
    PASSED_ON = 2


class Kind(StrEnum):
    ORDER = "order"


class Named(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order, (Kind.ORDER, Step.GIVEN)) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        heard = inbox.get(COMMANDER, (Kind.ORDER, Step.GIVEN), default=RETREAT)
        inbox = yield broadcast(heard, Step.PASSED_ON)
        return majority([inbox.get(j, Step.PASSED_ON, default=RETREAT) for j in self.lieutenants])
