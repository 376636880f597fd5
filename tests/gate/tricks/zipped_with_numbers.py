"""The generals are zipped with fifty numbers, so that others is left out: the engine has a handful of groups."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 51}
READ = "general looks at a list of generals as a whole"
SAYS = r"what a general does, says, counts or decides depends"


class ZippedWithNumbers(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox[j] for j, _ in zip(self.generals, range(50), strict=False)])
