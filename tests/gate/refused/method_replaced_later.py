"""A method of the tree is replaced after it has relayed: of each path only five that extend it count."""

from byzverify.language import COMMANDER, Protocol, Tree, broadcast, majority


class After(Protocol):
    m: int

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, "0 <= m <= n - 2")

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, roots=[COMMANDER])
        heard.grow((yield None))
        yield from heard.relaying(self.m)
        heard.after = lambda path: self.others(me, *path)[:5]
        return heard.resolved(self.vote, (COMMANDER,))

    def vote(self, told, values):
        return majority([told, *values])
