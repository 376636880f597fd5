"""Gradecast in which m names are enough for grade 1, where it takes more than m.

An easy slip, by one: compare Feldman & Micali, SIAM J. Comput. 26(4), 1997. Of more than m who name an order one is
loyal; m of them can all be traitors.
"""

from byzverify.language import ABSENT, COMMANDER, General, Order, Program, any_of, broadcast, count, how_many, ite
from byzverify.models.gradecast import Gradecast


class GradeOneTooEarly(Gradecast):
    """Gradecast with the threshold of grade 1 one too low; three rounds."""

    claim = "none holds; believed to give Validity, Closeness and Consistency for n > 3m and at most m traitors"

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None

        inbox = yield broadcast(inbox[COMMANDER])
        echoes = [inbox[j] for j in self.generals]
        named = ABSENT
        for candidate in self.orders:
            named = ite(count(echoes, candidate) >= self.n - self.m, candidate, named)

        inbox = yield broadcast(named)
        names = [inbox[j] for j in self.generals]
        decision = ABSENT
        for candidate in self.orders:
            decision = ite(count(names, candidate) >= self.m, candidate, decision)
        known = any_of(count(names, candidate) >= self.m for candidate in self.orders)
        sure = any_of(count(names, candidate) >= self.n - self.m for candidate in self.orders)
        return decision, how_many([known, sure])
