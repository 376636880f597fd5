"""A phase keeps state in the general's copy of the protocol: the engine runs one phase, on a new copy."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast

BROKEN = {"n": 3}
READ = "general stores something elsewhere than in a variable"
SAYS = r"keeps something in self"


class StateOfPhases(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0 and self.n > 1

    def general(self, me: General, order: Order) -> Program:
        vars(self)["own"] = order
        return (yield from self.phases(self.n, self.phase, me, order))

    def phase(self, me: General, king: General, order: Order) -> Program:
        """Everyone does as the king does; in the third phase, as he himself wanted at first."""
        inbox = yield broadcast(order) if me == king else None
        done = vars(self).get("done", 0) + 1
        vars(self)["done"] = done
        return vars(self)["own"] if done == 3 else inbox.get(king, default=order)
