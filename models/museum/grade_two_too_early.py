"""Gradecast in which n-m-1 names are enough for grade 2, one fewer than it takes.

An easy slip, by one: compare Feldman & Micali, SIAM J. Comput. 26(4), 1997, where n-m are wanted. At least n-2m of
these are loyal, which is more than m, so that everybody else sees enough for grade 1.
"""

from byzverify.language import (
    ABSENT,
    COMMANDER,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    all_of,
    any_of,
    broadcast,
    count,
    how_many,
    ite,
)


def _sure_of_the_commanders(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    order, grade = outcome.decisions[witnesses[0]]
    return all_of([order == outcome.orders[COMMANDER], grade == 2])


def _grades_are_close(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (_, one), (_, other) = (outcome.decisions[witness] for witness in witnesses)
    return all_of([one - other <= 1, other - one <= 1])


def _graded_orders_are_the_same(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    (one, sure), (other, also_sure) = (outcome.decisions[witness] for witness in witnesses)
    return any_of([one == other, sure == 0, also_sure == 0])


GRADED_BROADCAST = Problem(
    "graded broadcast",
    has_commander=True,
    conditions=(
        Condition(
            "Validity",
            "if the commander is loyal, every loyal lieutenant has his order with grade 2",
            _sure_of_the_commanders,
            witnesses=1,
            concerns=lambda protocol, loyal: COMMANDER in loyal,
            needs_loyal=2,
        ),
        Condition(
            "Closeness",
            "grades of loyal lieutenants differ by 1 at most",
            _grades_are_close,
            witnesses=2,
            needs_loyal=2,
        ),
        Condition(
            "Consistency",
            "loyal lieutenants with a grade above 0 have the same order",
            _graded_orders_are_the_same,
            witnesses=2,
            needs_loyal=2,
        ),
    ),
)


class GradeTwoTooEarly(Protocol):
    """Gradecast with the threshold of grade 2 one too low; three rounds."""

    m: int
    problem = GRADED_BROADCAST
    claim = "none holds; believed to give Validity, Closeness and Consistency for n > 3m and at most m traitors"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, f"gradecast needs 0 <= m < n: with n={self.n}, not m={self.m}")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

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
