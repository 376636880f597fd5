"""A parameter is called t, as the number of traitors is in a claim: the engine takes the two to be the same."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, how_many, ite, majority

BROKEN = {"n": 2, "t": 1}
SAYS = r"calls a parameter t"


class ParameterT(Protocol):
    t: int
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return ite(how_many([]) < self.t, order, majority([inbox[j] for j in self.generals]))
