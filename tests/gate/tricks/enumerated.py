"""Only the first fifty generals count, by the numbers that enumerate gives them: the engine has few groups."""

from byzverify.language import CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 51}
READ = "general looks at a list of generals as a whole"
SAYS = r"what a general does, says, counts or decides depends"


class Enumerated(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox[j] for place, j in enumerate(self.generals) if place < 50], default=RETREAT)
