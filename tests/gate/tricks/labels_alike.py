"""Two labels of one round, 1 and "1", are spelled alike: what comes under them must not share an unknown."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, General, Order, Program, Protocol, broadcast, count, ite

BROKEN = {"n": 4}


class LabelsAlike(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0 and self.n > 2

    def general(self, me: General, order: Order) -> Program:
        inbox = yield [broadcast(order, label=1), broadcast(ATTACK, label="1")]
        votes = [inbox[j, 1] for j in self.generals]
        fine = [inbox[j, "1"] for j in self.generals]
        retreat = (count(votes, RETREAT) >= 3) & (order == RETREAT)
        return ite(retreat & (count(fine, ATTACK) >= 0), RETREAT, ATTACK)
