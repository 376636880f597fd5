"""Phases run twice: a member of a class may carry the same as a witness into the one or the other, and another not."""

from collections.abc import Sequence

from byzverify.language import (
    ATTACK,
    COMMANDER,
    RETREAT,
    Condition,
    General,
    Order,
    Outcome,
    Problem,
    Program,
    Protocol,
    Truth,
    broadcast,
    count,
    ite,
    majority,
)

BROKEN = {"n": 9, "m": 2}
READ = "general lists something that does not depend on each general of the list, or too much"
SAYS = r"a second time"


def not_overruled_twice(outcome: Outcome, witnesses: Sequence[General]) -> Truth:
    """Whether he who raised no alarm was not overruled."""
    decision: Truth = outcome.decisions[witnesses[0]]
    return ~decision


ONCE = Condition("Once", "who raises no alarm is not overruled in both votes", not_overruled_twice, witnesses=1)


class PhasesRunTwice(Protocol):
    """Two alarms, and a vote on each. Who raises the first alarm does not raise the second."""

    m: int
    problem = Problem("alarms", (ONCE,), has_commander=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, "m is less than n")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 4 * self.m

    def interchangeable(self) -> list[range]:
        return [range(max(1, self.m + 1), self.n)]

    def general(self, me: General, order: Order) -> Program:
        inbox = yield [broadcast(RETREAT, label="first"), broadcast(RETREAT, label="second")]
        one, two = ([inbox.get(j, label, default=RETREAT) for j in self.generals] for label in ("first", "second"))
        first = ite(count(one, ATTACK) >= 2, ATTACK, RETREAT)
        second = ite((count(two, ATTACK) >= 2) & (first == RETREAT), ATTACK, RETREAT)
        if me == COMMANDER:
            first = second = RETREAT
        agreed = yield from self.phases(self.m + 1, self.phase, me, first)
        also = yield from self.phases(self.m + 1, self.phase, me, second)
        return (first == RETREAT) & (second == RETREAT) & (agreed == ATTACK) & (also == ATTACK)

    def phase(self, me: General, king: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        most = majority(votes)
        inbox = yield broadcast(most) if me == king else None
        return ite(count(votes, most) >= self.n - self.m, most, inbox.get(king, default=RETREAT))
