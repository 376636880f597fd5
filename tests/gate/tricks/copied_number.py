"""A copy of a general's number is no longer equal to the number, in the engine."""

from copy import copy

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 2}
READ = "general calls copy"


class CopiedNumber(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return order if copy(me) == me else majority([inbox[j] for j in self.generals])
