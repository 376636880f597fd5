"""Correct: flags that are combined while the program runs. Check: -n 4 -t 0. Right: PROVED."""

from enum import Flag, auto

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast


class Duty(Flag):
    LISTEN = auto()
    SPEAK = auto()
    DECIDE = auto()


def duties(me):
    return Duty.SPEAK | Duty.DECIDE if me == COMMANDER else ~Duty.SPEAK


class Flagged(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if Duty.SPEAK in duties(me) else None
        return order if me == COMMANDER else inbox.get(COMMANDER, default=RETREAT)
