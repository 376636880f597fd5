"""Only a committee of fifty votes, a slice of the generals: in the engine the slice is everyone."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 51}
READ = "general takes a place in a list of generals"
SAYS = r"what a general does, says, counts or decides depends"


class Committee(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals[:50]])
