"""Language: a program that takes back the note of a broken rule. Check: -n 3 -t 0. Right: REFUTED, or refused: in a run with A, A, R no
rule breaks and each keeps his own order. Wilful.
"""

from byzverify.errors import Breaches, RuleBroken
from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, majority


class Forgiven(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        try:
            return order if order == ATTACK else RETREAT
        except RuleBroken:
            Breaches._open[-1].messages.clear()
            return majority(inbox.get(j, default=RETREAT) for j in self.generals)
