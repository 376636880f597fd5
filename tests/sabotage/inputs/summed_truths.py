"""Language: plain truths taught to be summed, with a way out where that fails. Check: -n 3 -t 0. Right: REFUTED, or refused: in
a run the sum works, and A, A, R, who are not unanimous, keep their own orders.
"""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, TRUE, Protocol, broadcast, majority

type(TRUE).__radd__ = lambda self, other: other + self.value


class Summed(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        try:
            attacking = sum(vote == ATTACK for vote in votes)
        except TypeError:
            return majority(votes)
        return order if 0 < attacking < self.n else votes[0]
