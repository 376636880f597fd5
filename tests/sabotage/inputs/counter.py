"""Values looked at: collections.Counter of votes, ties by who was counted first. Check: -n 4 -t 0. Right: REFUTED, or refused: with A, A, R, R
each counts his own order first.
"""

from collections import Counter

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Counted(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return Counter(votes).most_common(1)[0][0]
