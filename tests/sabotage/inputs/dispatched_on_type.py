"""Type: singledispatch on what a value is. Check: -n 3 -t 0. Right: REFUTED, or refused: a plain truth goes to the function for
what is known, which keeps the order; the checker's does not. Orders A, A, R.
"""

from functools import singledispatch

from byzverify.language import ATTACK, CONSENSUS, RETREAT, TRUE, Protocol, broadcast, majority


@singledispatch
def decide(attacks, order, votes):
    return majority(votes)


@decide.register(type(TRUE))
def _(attacks, order, votes):
    return order


class Dispatched(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        return decide(order == ATTACK, order, [inbox.get(j, default=RETREAT) for j in self.generals])
