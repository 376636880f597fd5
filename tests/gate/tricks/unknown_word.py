"""A message says an order that the protocol does not have: elsewhere that is an error, in the engine it is silence."""

from byzverify.language import ATTACK, CONSENSUS, General, Order, Program, Protocol, broadcast, ite, majority

MAYBE = Order("MAYBE")

BROKEN = {"n": 2}
SAYS = r"sends MAYBE, which is no order"


class UnknownWord(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        yield broadcast(ite(order == ATTACK, MAYBE, order))
        return majority(votes)
