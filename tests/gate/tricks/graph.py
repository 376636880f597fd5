"""Messages travel on a path: the engine lets everyone send to everyone."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

FIXED = {"graph": "path:3", "n": 3}
BROKEN = {"graph": "path:3", "n": 3}
SAYS = r"has a graph"


class OnAGraph(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals])
