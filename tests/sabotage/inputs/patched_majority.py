"""Language: a file that mends `majority` for plain votes, as its author thinks. Check: -n 3 -t 0. Right: REFUTED, or refused: plain
votes that are not unanimous now come to the last vote, and generals list themselves first. Wilful.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority
from byzverify.language.values import PlainAlgebra

PlainAlgebra.majority = lambda self, votes, default: votes[-1] if votes else default


class Patched(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
