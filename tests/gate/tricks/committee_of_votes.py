"""Only the first fifty votes count, a slice of a plain list: in the engine the slice is everyone's."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 51}
READ = "general takes a place in a list of generals"
SAYS = r"what a general does, says, counts or decides depends"


class CommitteeOfVotes(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return majority(votes[:50])
