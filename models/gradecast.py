"""Graded broadcast: Feldman & Micali, "An Optimal Probabilistic Protocol for Synchronous Byzantine Agreement", SIAM J.
Comput. 26(4), 1997.

Everyone ends with an order and a grade that says how sure he may be: 2 if all loyal generals have the order, 1 if no
loyal general has another one, 0 if nothing is known. Grades of loyal generals are never further apart than 1.
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


class Gradecast(Protocol):
    """Three rounds: the commander sends, everyone passes on, everyone names what n-m passed on."""

    m: int
    problem = GRADED_BROADCAST
    claim = "Validity, Closeness and Consistency for n > 3m and at most m traitors (Feldman & Micali 1997)"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, f"gradecast needs 0 <= m < n: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return self.is_complete and t <= self.m and self.n > 3 * self.m

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
        sure = any_of(count(names, candidate) >= self.n - self.m for candidate in self.orders)
        return decision, how_many([known, sure])
