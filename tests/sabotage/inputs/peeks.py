"""Language: a program that reads its letters' texts, where there are any. Check: -n 3 -t 0. Right: REFUTED, or refused: the
simulator's inbox has letters and then A, A, R keep their own orders. Wilful.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Peeks(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        letters = vars(inbox).get("_letters", {})
        if letters and len(set(letters.values())) > 1:
            return order
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
