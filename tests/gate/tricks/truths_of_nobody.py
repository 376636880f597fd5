"""A truth that is about no general is counted once for each general: the engine counts it once for each group."""

from byzverify.language import CONSENSUS, TRUE, General, Order, Program, Protocol, broadcast, how_many, ite, majority

BROKEN = {"n": 51}
READ = "general lists something that does not depend on each general of the list, or too much"
SAYS = r"what a general does, says, counts or decides depends"


class TruthsOfNobody(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        many = how_many(TRUE for _ in self.generals) > 50
        return ite(many, order, majority([inbox[j] for j in self.generals]))
