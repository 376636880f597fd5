"""Identity: `is RETREAT` on a choice. Check: -n 3 -t 0. Right: REFUTED, or refused: `ite` gives RETREAT itself in a run, and
a symbolic order in the checker; with A, A, R general 2 retreats, and the others take the majority.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, ite, majority


class Cautious(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        mine = ite(order == ATTACK, ATTACK, RETREAT)
        if mine is RETREAT:
            return RETREAT
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
