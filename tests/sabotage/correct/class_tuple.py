"""Correct: class-level constants, a tuple and a frozen mapping. Check: -n 4 -t 1. Right: PROVED."""

from types import MappingProxyType

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast, majority


class Constants(Protocol):
    PHASES = ("tell", "repeat")
    LABELS = MappingProxyType({"tell": "order", "repeat": "told"})

    def general(self, me, order):
        told = order
        for phase in self.PHASES:
            label = self.LABELS[phase]
            speaks = phase == "repeat" or me == COMMANDER
            inbox = yield broadcast(told, label) if speaks else None
            told = order if me == COMMANDER else told
            if phase == "tell":
                told = order if me == COMMANDER else inbox.get(COMMANDER, label, default=RETREAT)
        votes = [inbox.get(j, "told", default=RETREAT) for j in self.lieutenants]
        return order if me == COMMANDER else majority(votes)
