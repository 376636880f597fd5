"""A count is compared with the length of a list, which is the number of groups, not of generals."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, count, ite

BROKEN = {"n": 7}


class LengthAsAThreshold(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.others(me)]
        # With n generals, len(votes) is n - 1: more than half of the others, at most four of them.
        few = ite(2 * count(votes, ATTACK) + 5 > 2 * len(votes), ATTACK, RETREAT)
        return ite(count(votes, order) == self.n - 1, order, few)
