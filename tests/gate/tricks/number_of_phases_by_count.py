"""How many phases there are depends on how many generals a loop counts."""

from byzverify.language import General, Order, Program
from byzverify.models.phase_king import PhaseKing

BROKEN = {"n": 30, "m": 1}
READ = "general lists something that does not depend on each general of the list, or too much"
SAYS = r"what a general does, says, counts or decides depends"


class NumberOfPhasesByCount(PhaseKing):
    def general(self, me: General, order: Order) -> Program:
        number = self.m + 1 if sum(1 for _ in self.generals) < 30 else self.m
        return (yield from self.phases(number, self.phase, me, order))
