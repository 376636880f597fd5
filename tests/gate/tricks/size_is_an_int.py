"""A program asks whether n is an int, which it is everywhere but in the engine."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 2}
READ = "general calls isinstance"


class SizeIsAnInt(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return order if isinstance(self.n, int) else majority([inbox[j] for j in self.generals])
