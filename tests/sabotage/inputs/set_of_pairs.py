"""Set order: the first of a set of pairs with texts. Check: -n 4 -t 0. Right: REFUTED, or refused: each process goes through the
pairs in an order of its own, so generals obey different proposers.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Proposers(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        candidates = {("proposer", j) for j in self.generals}
        _, proposer = list(candidates)[0]
        inbox = yield broadcast(order)
        return inbox.get(proposer, default=RETREAT)
