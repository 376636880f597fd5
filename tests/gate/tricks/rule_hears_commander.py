"""The rule of a tree closes over a word that only a byzantine commander says; it matters from m = 4 on."""

from byzverify.language import (
    ATTACK,
    COMMANDER,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    Tree,
    broadcast,
    ite,
    majority,
)

BROKEN = {"n": 13, "m": 4}
SAYS = r"a tree's rule depends on something else"
TRAITORS = 1


class RuleHearsCommander(Protocol):
    m: int

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, "m is at most n-2")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

    def general(self, me: General, order: Order) -> Program:
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, roots=[COMMANDER], missing=RETREAT)
        inbox = yield None
        heard.grow(inbox)
        evil = inbox.get(COMMANDER, "evil", default=RETREAT)
        yield from heard.relaying(self.m)
        return heard.resolved(
            lambda told, values: ite((evil == ATTACK) & (self.m >= 4), ATTACK, majority([told, *values])), (COMMANDER,)
        )
