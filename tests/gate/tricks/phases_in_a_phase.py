"""Phases inside a phase: no lemma is about them, and they do harm from m = 8 on."""

from byzverify.language import ATTACK, RETREAT, General, Order, Program, broadcast, ite
from byzverify.models.phase_king import PhaseKing

BROKEN = {"n": 25, "m": 8}
TRAITORS = 0
SAYS = r"inside a phase"


class PhasesInAPhase(PhaseKing):
    def phase(self, me: General, king: General, order: Order) -> Program:
        order = yield from super().phase(me, king, order)
        return (yield from self.phases(self.m - 7, self.inner, me, order))

    def inner(self, me: General, king: General, order: Order) -> Program:
        yield broadcast(order)
        return ite(order == ATTACK, RETREAT, ATTACK)
