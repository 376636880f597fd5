"""Truths compared: `list.index` of TRUE, with a ValueError caught. Check: -n 3 -t 0. Right: REFUTED, or refused: in the checker
nothing is ever found; in a run the one who is listed after the first attacker decides; with A, A, R that is general 1 for general 0, and
general 2 for general 1.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, TRUE, Protocol, broadcast, majority


class FirstAttacker(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        try:
            first = [vote == ATTACK for vote in votes].index(TRUE)
        except ValueError:
            return majority(votes)
        return votes[(first + 1) % self.n]
