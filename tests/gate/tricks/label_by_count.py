"""The label of a message depends on how many generals a loop counts."""

from byzverify.language import (
    ATTACK,
    RETREAT,
    VALIDITY,
    General,
    Order,
    Problem,
    Program,
    Protocol,
    broadcast,
    count,
    ite,
)

BROKEN = {"n": 31}
READ = "general lists something that does not depend on each general of the list, or too much"
SAYS = r"what a general does, says, counts or decides depends"


class LabelByCount(Protocol):
    problem = Problem("validity", (VALIDITY,), has_commander=False)

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order, label="near" if sum(1 for _ in self.generals) < 30 else "far")
        votes = [order, *(inbox.get(j, "near", default=RETREAT) for j in self.others(me))]
        return ite(count(votes, ATTACK) >= self.n, ATTACK, RETREAT)
