"""Type: a `match` on classes. Check: -n 3 -t 0. Right: REFUTED, or refused: the second case is the checker's only, since symbolic
orders are a subclass's; with A, A, R each keeps his own order in a run.
"""

from byzverify.language import CONSENSUS, RETREAT, TRUE, Protocol, broadcast, majority

Known = type(TRUE)


class Matched(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        match order == order:
            case Known():
                return order
            case _:
                return majority(inbox.get(j, default=RETREAT) for j in self.generals)
