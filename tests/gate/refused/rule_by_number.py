"""A rule that does something else with exactly seven values."""

from byzverify.language import COMMANDER, RETREAT, Protocol, Tree, broadcast, majority


class Seven(Protocol):
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
        return heard.resolved(self.vote, (COMMANDER,))

    def vote(self, told, values):
        return RETREAT if sum(1 for _ in values) == 7 else majority([told, *values])
