"""Truths compared: `!=` as an exclusive or. Check: -n 3 -t 0. Right: REFUTED, or refused: the checker takes two truths for
different always, so all take the majority; with A, A, R general 2 sees two who agree, and keeps R.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, ite, majority


class Xor(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        a, b = (inbox.get(j, default=RETREAT) for j in self.others(me)[:2])
        return ite((a == ATTACK) != (b == ATTACK), majority([order, a, b]), order)
