"""The rule of a tree reads a list that is changed after the tree has been resolved; the engine applies it later."""

from byzverify.language import *


class P(Protocol):
    m: int

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, "m")

    def general(self, me, order):
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, roots=[COMMANDER])
        heard.grow((yield None))
        yield from heard.relaying(self.m)
        asked = [0]
        found = self.found(heard, asked)
        asked[0] = 1
        return found

    def found(self, heard, asked):
        return heard.resolved(
            lambda told, values: majority([told, *values]) if asked[0] == 1 else RETREAT, (COMMANDER,)
        )
