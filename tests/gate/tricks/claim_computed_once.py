"""A cached property makes the claim depend on n: what one outcome of a comparison stores, the next outcome finds."""

from functools import cached_property

from byzverify.language import CONSENSUS, General, Order, Program, Protocol, broadcast, majority

BROKEN = {"n": 12}
READ = "limit is neither a function nor a constant"
TRAITORS = 1


class ClaimComputedOnce(Protocol):
    problem = CONSENSUS

    @cached_property
    def limit(self) -> int:
        return 0 if self.n <= 10 else 1

    def tolerates(self, t: int) -> bool:
        return t <= self.limit

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        return majority([inbox[j] for j in self.generals])
