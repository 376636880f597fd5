"""A sketch of graded broadcast: its program is Feldman and Micali's, and its two thresholds are holes.

    byzverify complete examples/grades.py -n 4 -m 1
    byzverify complete examples/grades.py --at n=4,m=1 --at n=5,m=1 --at n=7,m=2 --save graded.py

Everyone passes on the commander's order, then names the order that `enough` generals have passed on. Who sees an order
named by `some` generals takes it with grade 1, and with grade 2 if `enough` name it. With n-m and m+1 it is the
published protocol (P. Feldman and S. Micali, SIAM J. Comput. 26(4), 1997; `models/gradecast.py`).
"""

from byzverify.language import (
    ABSENT,
    COMMANDER,
    GRADED_BROADCAST,
    General,
    Order,
    Program,
    Protocol,
    any_of,
    broadcast,
    count,
    how_many,
    ite,
)


class Grades(Protocol):
    """Three rounds of graded broadcast, of which the thresholds are not known."""

    m: int
    problem = GRADED_BROADCAST

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

    def general(self, me: General, order: Order) -> Program:
        enough = self.hole("enough", range(1, self.n + 1))
        some = self.hole("some", range(1, self.n + 1))

        inbox = yield broadcast(order) if me == COMMANDER else None

        inbox = yield broadcast(inbox[COMMANDER])
        echoes = [inbox[j] for j in self.generals]
        named = ABSENT
        for candidate in self.orders:
            named = ite(count(echoes, candidate) >= enough, candidate, named)

        inbox = yield broadcast(named)
        names = [inbox[j] for j in self.generals]
        decision = ABSENT
        for candidate in self.orders:
            decision = ite(count(names, candidate) >= some, candidate, decision)
        known = any_of(count(names, candidate) >= some for candidate in self.orders)
        sure = any_of(count(names, candidate) >= enough for candidate in self.orders)
        return decision, how_many([known, sure])
