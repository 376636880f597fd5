"""Rules that are methods of objects: those of two objects have the same code, and do something else."""

from byzverify.language import ATTACK, INTERACTIVE_CONSISTENCY, Protocol, Tree, ite, majority


class Vote:
    def __init__(self, size, own):
        self.size, self.own = size, own

    def rule(self, told, values):
        return majority(values) if self.own else ite(self.size > 25, ATTACK, majority(values))


class Votes(Protocol):
    m: int
    problem = INTERACTIVE_CONSISTENCY

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, "0 <= m <= n - 2")

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        tree = Tree(self, me, roots=self.generals, own=order, closed=True)
        yield from tree.relaying(self.m + 1)
        return {j: tree.resolved(Vote(self.n, j == me).rule, (j,)) for j in self.generals}
