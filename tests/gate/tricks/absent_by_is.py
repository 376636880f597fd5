"""Silence is noticed by `is ABSENT`, which is never so in the engine."""

from byzverify.language import ABSENT, ATTACK, COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast

BROKEN = {"n": 3}
READ = "general asks by `is`, which tells stand-ins from what they stand for"


class AbsentByIs(Protocol):
    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        return ATTACK if inbox[me] is ABSENT else inbox.get(COMMANDER, default=RETREAT)
