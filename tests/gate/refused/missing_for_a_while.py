"""What is missing is relayed as RETREAT and resolved as nothing."""

from byzverify.language import ABSENT, ATTACK, COMMANDER, RETREAT, Protocol, Tree, broadcast, ite, majority


class Missing(Protocol):
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
        heard.missing = ABSENT
        result = heard.resolved(self.vote, (COMMANDER,))
        heard.missing = RETREAT
        return result

    def vote(self, told, values):
        most = majority([told, *values], default=ABSENT)
        return ite(most == ABSENT, ite(self.m > 2, ATTACK, RETREAT), most)
