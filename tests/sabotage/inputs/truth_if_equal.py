"""Truths compared: in an `if`, which does not complain about what `==` gives. Check: -n 3 -t 0. Right: REFUTED, or refused:
with A, R, R general 0 sees the others agree and keeps A.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, majority


class IfEqual(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        one, other = (inbox.get(j, default=RETREAT) == ATTACK for j in self.others(me)[:2])
        if one == other:
            return order
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
