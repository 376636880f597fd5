"""`others` is replaced, which the language's own `lieutenants` calls."""

from byzverify.language import *


class P(Protocol):
    def tolerates(self, t):
        return t <= 1 and self.n > 3

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        told = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(told)
        return majority([inbox.get(j, default=RETREAT) for j in self.lieutenants])


def fewer(self, *named):
    rest = [one for one in self.generals if one not in named]
    return rest[:1] if len(rest) == 9 else rest


P.others = fewer
