"""interchangeable has a parameter self that is not the protocol."""

from byzverify.language import *

SMALL = True


class Box:
    def note(self, protocol):
        global SMALL
        SMALL = protocol.n != 10
        return [range(protocol.n)]


class P(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def interchangeable(protocol, self=Box()):
        return self.note(protocol)

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return majority(votes) if SMALL else order
