"""Truths compared: a list of truths counted with `list.count`. Check: -n 4 -t 0. Right: REFUTED, or refused: symbolic truths
are never equal to TRUE, so the checker sees majority always; with orders A, R, A, A general 1 sees two others attack.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, TRUE, Protocol, broadcast, ite, majority


class Counted(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        attacking = [votes[0] == ATTACK, votes[1] == ATTACK].count(TRUE)
        return ite(attacking == 1, order, majority(votes))
