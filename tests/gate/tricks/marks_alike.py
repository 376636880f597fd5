"""Marks with commas in their names: two classes of generals, who say different words, get the same name."""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast, ite

LONG, SHORT, BRIEF, LENGTHY = Order("a, b"), Order("c"), Order("a"), Order("b, c")

BROKEN = {"n": 4}


class MarksAlike(Protocol):
    def tolerates(self, t: int) -> bool:
        return t == 0 and self.n > 3

    @property
    def marks(self) -> tuple[Order, ...]:
        return LONG, SHORT, BRIEF, LENGTHY

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(ite(told == RETREAT, LONG, BRIEF))
        inbox = yield broadcast(ite(told == RETREAT, SHORT, LENGTHY))
        return RETREAT
