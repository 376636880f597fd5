"""The commander runs phases of another method than the others: the engine looks at the commander's only."""

from byzverify.language import COMMANDER, General, Order, Program, Protocol, broadcast

BROKEN = {"n": 3}
READ = "general uses self.phase"
SAYS = r"runs phases in a way"


class PhasesApart(Protocol):
    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = inbox[COMMANDER]
        phase = self.phase if me == COMMANDER else self.other
        return (yield from self.phases(self.n, phase, me, told))

    def phase(self, me: General, king: General, order: Order) -> Program:
        """One that works if nobody fails: everyone does as the king does."""
        inbox = yield broadcast(order) if me == king else None
        return inbox.get(king, default=order)

    def other(self, me: General, king: General, order: Order) -> Program:
        """Everyone does what no commander ordered."""
        yield broadcast(order) if me == king else None
        return self.orders[0]
