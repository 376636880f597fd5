"""`len` under another name is Python's own, which counts the entries of the list."""

from byzverify.language import *

size = len


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return order if size(votes) == 10 else majority(votes)
