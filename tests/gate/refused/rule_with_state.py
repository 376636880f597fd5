"""A rule counts how often it is applied: in the engine a few times."""

from byzverify.language import COMMANDER, RETREAT, Protocol, Tree, broadcast, majority


class Counting(Protocol):
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
        seen = []

        def vote(told, values):
            seen.append(told)
            if sum(1 for _ in seen) > 59:
                return RETREAT
            return majority([told, *values])

        return heard.resolved(vote, (COMMANDER,))
