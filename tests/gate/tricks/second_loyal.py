"""A condition looks at one other loyal general, the second in the list: in the engine that is the whole crowd."""

from byzverify.language import (
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
    ite,
)

BROKEN = {"n": 4}
READ = "keeps_with_a_friend takes a place in a list of generals"
SAYS = r"the condition Friend depends on the length"


def keeps_with_a_friend(outcome: Outcome, witnesses: tuple[General, ...]) -> Truth:
    """If the next loyal general starts like the witness, the witness decides his own order."""
    own = outcome.orders[witnesses[0]]
    friends = [outcome.orders[j] == own for j in list(outcome.loyal)[1:2]]
    return any_of([~all_of(friends), outcome.decisions[witnesses[0]] == own])


class SecondLoyal(Protocol):
    problem = Problem("friends", (Condition("Friend", "keeps", keeps_with_a_friend, 1),), has_commander=False)

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        alike = count([inbox[j] for j in self.generals], order) == self.n
        return ite(alike, order, self.orders[0])
