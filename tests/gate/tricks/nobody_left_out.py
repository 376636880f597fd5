"""Votes of all but general 0, where no general has that number in the engine: it leaves out nobody."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, count, ite

BROKEN = {"n": 4}
SAYS = r"takes a general by number"


class NobodyLeftOut(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.lieutenants]
        return ite(count(votes, ATTACK) == self.n, ATTACK, RETREAT)
