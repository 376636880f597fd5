"""The marks depend on the size, and the program names only the words."""

from byzverify.language import *

Z = Order("Z")


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    @property
    def marks(self):
        return (Z,) if type(self.n) is not int or self.n != 10 else ()

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return majority(votes) if len(self.words) == 3 else order
