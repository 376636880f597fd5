"""Truths compared: `in` a list of truths. Check: -n 3 -t 0. Right: REFUTED, or refused: `TRUE in` finds nothing symbolic;
with A, R, R general 0 sees no other attack and general 1 does, and what they decide differs.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, TRUE, Protocol, broadcast, ite, majority


class AnyIn(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        seen = TRUE in [votes[j] == ATTACK for j in range(1, self.n)]
        return ite(seen & (order == RETREAT), ATTACK, majority(votes))
