"""A parameter bears the name of one of the engine's own unknowns: it is taken to be the number of traitors."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, how_many, ite, majority

BROKEN = {"n": 2, "byzantine": 1}


class ParameterByzantine(Protocol):
    byzantine: int
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0 and self.byzantine >= 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return ite(how_many([]) < self.byzantine, order, majority([inbox[j] for j in self.generals]))
