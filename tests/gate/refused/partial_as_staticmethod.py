"""interchangeable, which runs at known sizes only, calls a partial that is a staticmethod: nobody reads its function."""

from functools import partial

from byzverify.language import *

SMALL = True


def note(most, numbers):
    global SMALL
    SMALL = len(numbers) <= most
    return numbers


class P(Protocol):
    problem = CONSENSUS
    noted = staticmethod(partial(note, 9))

    def tolerates(self, t):
        return t == 0

    def interchangeable(self):
        return [self.noted(range(self.n))]

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return majority(votes) if SMALL else order
