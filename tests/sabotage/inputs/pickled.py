"""Values looked at: orders that are pickled and compared as bytes. Check: -n 3 -t 0. Right: REFUTED, or refused: with A, R, R general 0 finds
the others alike, keeps A, and the others do not.
"""

import pickle

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Pickled(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        one, other = (inbox.get(j, default=RETREAT) for j in self.others(me)[:2])
        if pickle.dumps(one) == pickle.dumps(other):
            return order
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
