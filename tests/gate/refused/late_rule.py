"""A rule is another one when it is used than afterwards, when lemmas are stated about it."""

from byzverify.language import COMMANDER, RETREAT, Protocol, Tree, broadcast, ite, majority


class Late(Protocol):
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
        default = ite(self.n > 20, RETREAT, majority([RETREAT]))
        many = self.n > 20

        def vote(told, values):
            return ite(many, RETREAT, majority([told, *values]))

        result = heard.resolved(vote, (COMMANDER,))
        many = self.n < 0
        return result
