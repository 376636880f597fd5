"""A program branches on the length of a list, which is not known: the engine lists a handful of groups."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 51}
SAYS = r"`if` on a truth, which is not known"


class LengthOfAList(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return order if len(votes) > 50 else majority(votes)
