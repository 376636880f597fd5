"""Gradecast in which n-m-1 names are enough for grade 2, one fewer than it takes.

An easy slip, by one: compare Feldman & Micali, SIAM J. Comput. 26(4), 1997, where n-m are wanted. At least n-2m of
these are loyal, which is more than m, so that everybody else sees enough for grade 1.
"""

from byzverify.language import ABSENT, COMMANDER, General, Order, Program, any_of, broadcast, count, how_many, ite
from byzverify.models.gradecast import Gradecast


class GradeTwoTooEarly(Gradecast):
    """Gradecast with the threshold of grade 2 one too low; three rounds."""

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
            decision = ite(count(names, candidate) > self.m, candidate, decision)
        known = any_of(count(names, candidate) > self.m for candidate in self.orders)
        sure = any_of(count(names, candidate) >= self.n - self.m - 1 for candidate in self.orders)
        return decision, how_many([known, sure])
