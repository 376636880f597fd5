"""A claim that counts truths, with a tree."""

from byzverify.language import COMMANDER, RETREAT, Protocol, Tree, broadcast, how_many, ite, majority


class Claimed(Protocol):
    m: int

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, "0 <= m <= n - 2")

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m + how_many([self.m > 1]) * self.m

    def general(self, me, order):
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, roots=[COMMANDER])
        heard.grow((yield None))
        yield from heard.relaying(self.m)
        return heard.resolved(self.vote, (COMMANDER,))

    def vote(self, told, values):
        return ite(self.n <= 3 * self.m + how_many([self.m > 1]) * self.m, RETREAT, majority([told, *values]))
