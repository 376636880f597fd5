"""Identity: `is ABSENT`, as one writes `is None`. Check: -n 3 --faults manifest=1. Right: REFUTED, or refused: in a run what
does not come is ABSENT itself, and then each keeps his own order; in the checker everything seems to come.
"""

from byzverify.language import ABSENT, CONSENSUS, Protocol, broadcast, majority


class Careful(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        if any(vote is ABSENT for vote in votes):
            return order
        return majority(votes)
