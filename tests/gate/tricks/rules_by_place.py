"""Roots are resolved by another rule from the 21st on."""

from collections.abc import Sequence

from byzverify.language import ATTACK, CONSENSUS, General, Order, Program, Tree, majority
from byzverify.models.eig import EIG

BROKEN = {"n": 23, "m": 1}
READ = "general looks at a list of generals as a whole"
SAYS = r"by several rules"


class RulesByPlace(EIG):
    problem = CONSENSUS

    def general(self, me: General, order: Order) -> Program:
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        yield from tree.relaying(self.m + 1)
        rules = [self.by_vote if place < 20 else self.attack for place, _ in enumerate(self.generals)]
        return majority([tree.resolved(rule, (j,)) for j, rule in zip(self.generals, rules, strict=True)])

    def attack(self, told: Order, values: Sequence[Order]) -> Order:
        return majority(values, default=ATTACK)

    def by_vote(self, told: Order, values: Sequence[Order]) -> Order:
        return majority(values)
