"""A vector by general is asked for a general's number: in the engine generals have no numbers as keys."""

from byzverify.language import INTERACTIVE_CONSISTENCY, RETREAT, Protocol, Tree, majority


class Vectors(Protocol):
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
        vector = {j: tree.resolved(self.vote, (j,)) for j in self.generals}
        if 13 in vector:
            vector[me] = RETREAT
        return vector

    def vote(self, told, values):
        return majority(values)
