"""Each tells thirty others: at small sizes these are all."""

from byzverify.language import ATTACK, RETREAT, VALIDITY, General, Order, Problem, Program, Protocol, count, ite, send

BROKEN = {"n": 34}
READ = "general takes a place in a list of generals"
SAYS = r"sends to some generals of a group"


class Gossip(Protocol):
    problem = Problem("validity", (VALIDITY,), has_commander=False)

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield send(order, to=self.others(me)[:30])
        votes = [order, *(inbox.get(j, default=RETREAT) for j in self.others(me))]
        return ite(count(votes, ATTACK) >= self.n, ATTACK, RETREAT)
