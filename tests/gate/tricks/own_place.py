"""A general asks where he is in the list: in the engine near one of its ends, in an army of sixty anywhere."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 60}
READ = "general calls .index"


class OwnPlace(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def interchangeable(self) -> list[range]:
        return []

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return order if self.generals.index(me) == 50 else majority(votes)
