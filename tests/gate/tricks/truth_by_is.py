"""A truth is compared with TRUE by `is`, which is never so in the engine where a formula is not constant."""

from byzverify.language import ATTACK, CONSENSUS, TRUE, General, Order, Program, Protocol, broadcast, count, majority

BROKEN = {"n": 2}
READ = "general asks by `is`, which tells stand-ins from what they stand for"


class TruthByIs(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return order if (count(votes, ATTACK) == 1) is TRUE else majority(votes)
