"""Tuples of different shapes are carried into phases: the engine looks at the first general's only."""

from typing import Any

from byzverify.language import ATTACK, COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast

BROKEN = {"n": 3}
READ = "general calls hasattr"
SAYS = r"carries decisions of different shapes"


class ShapesCarried(Protocol):
    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox[COMMANDER]
        carried: Any = ((RETREAT, RETREAT), ATTACK) if me == COMMANDER else (RETREAT, (RETREAT, ATTACK))
        first, _ = yield from self.phases(self.n, self.phase, me, carried)
        return told if hasattr(first, "index") else RETREAT

    def phase(self, me: General, king: General, carried: Any) -> Program:
        yield None
        return carried
