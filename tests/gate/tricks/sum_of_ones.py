"""Generals are counted with sum(1 for ...): the engine iterates over a handful of groups, not over n generals."""

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 51}
READ = "general lists something that does not depend on each general of the list, or too much"
SAYS = r"what a general does, says, counts or decides depends"


class SumOfOnes(Protocol):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        many = sum(1 for _ in self.generals) > 50
        return order if many else majority([inbox[j] for j in self.generals])
