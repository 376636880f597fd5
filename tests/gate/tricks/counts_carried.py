"""Counts with different constants are carried into phases: the engine looks at the first general's only."""

from typing import Any

from byzverify.language import (
    ATTACK,
    COMMANDER,
    RETREAT,
    TRUE,
    General,
    Order,
    Program,
    Protocol,
    broadcast,
    how_many,
    ite,
)

BROKEN = {"n": 3}
SAYS = r"that is no order, no truth and no tuple"


class CountsCarried(Protocol):
    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox[COMMANDER]
        number = how_many([TRUE]) + 4 if me == COMMANDER else how_many([TRUE])
        number = yield from self.phases(self.n, self.phase, me, number)
        return ite((told == ATTACK) & (number == 5), ATTACK, RETREAT)

    def phase(self, me: General, king: General, carried: Any) -> Program:
        yield None
        return carried
