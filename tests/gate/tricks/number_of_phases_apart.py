"""The commander runs m+1 phases and the others none: the engine looks at the commander's number only."""

from byzverify.language import BYZANTINE_GENERALS, COMMANDER, RETREAT, General, Order, Program, broadcast
from byzverify.models.phase_king import PhaseKing

BROKEN = {"n": 4, "m": 1}
SAYS = r"runs phases in a way that is not understood"


class NumberOfPhasesApart(PhaseKing):
    problem = BYZANTINE_GENERALS

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        number = self.m + 1 if me == COMMANDER else self.m - self.m
        return (yield from self.phases(number, self.phase, me, told))
