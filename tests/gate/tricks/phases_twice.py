"""What first phases return is carried into second ones: the engine could take it to be what the first started with."""

from typing import Any

from byzverify.language import (
    CONSENSUS,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    all_of,
    broadcast,
    ite,
)

MIXED = Order("MIXED")

BROKEN = {"n": 3}
SAYS = r"a second time"


class PhasesTwice(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    @property
    def marks(self) -> tuple[Order, ...]:
        return (MIXED,)

    def general(self, me: General, order: Order) -> Program:
        found = yield from self.phases(self.n, self.first, me, order)
        _, decision = yield from self.phases(self.n, self.second, me, (ite(found == MIXED, MIXED, RETREAT), order))
        return decision

    def first(self, me: General, king: General, order: Order) -> Program:
        """What all carry; MIXED, if they do not carry the same."""
        inbox = yield broadcast(order)
        return ite(all_of(inbox[j] == order for j in self.generals), order, MIXED)

    def second(self, me: General, king: General, carried: Any) -> Program:
        """Everyone does as the king does, unless orders were mixed."""
        mixed, order = carried
        inbox = yield broadcast(order) if me == king else None
        return mixed, ite(mixed == MIXED, order, inbox.get(king, default=order))
