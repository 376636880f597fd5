"""A tree may come to ABSENT, which phases are then not asked about; they mishandle it from m = 2 on."""

from collections.abc import Sequence

from byzverify.language import (
    ABSENT,
    ATTACK,
    CONSENSUS,
    RETREAT,
    General,
    Order,
    Program,
    Tree,
    any_of,
    broadcast,
    count,
    ite,
    majority,
)
from byzverify.models.eig import EIG

BROKEN = {"n": 9, "m": 2}
TRAITORS = 1
SAYS = r"a second time"


class TreeBeforePhases(EIG):
    problem = CONSENSUS

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 4 * self.m

    def general(self, me: General, order: Order) -> Program:
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        yield from tree.relaying(self.m + 1)
        orders = [tree.resolved(self.or_absent, (j,)) for j in self.generals]
        first = ite(any_of(order == ABSENT for order in orders), ABSENT, majority(orders))
        return (yield from self.phases(self.m + 1, self.phase, me, first))

    def or_absent(self, told: Order, values: Sequence[Order]) -> Order:
        return majority(values, default=ABSENT)

    def phase(self, me: General, king: General, order: Order) -> Program:
        silent = (order == ABSENT) & (self.m > 1)
        order = ite(order == ABSENT, RETREAT, order)
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        most = majority(votes)
        inbox = yield broadcast(most) if me == king else None
        agreed = ite(count(votes, most) >= self.n - self.m, most, inbox.get(king, default=RETREAT))
        return ite(silent, ATTACK if me == king else ABSENT, agreed)

    def by_vote(self, told: Order, values: Sequence[Order]) -> Order:
        return majority(values)
