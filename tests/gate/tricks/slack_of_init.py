"""What `__post_init__` stores is in instances of known size alone."""

from byzverify.language import (
    ATTACK,
    RETREAT,
    VALIDITY,
    General,
    Order,
    Problem,
    Program,
    Protocol,
    broadcast,
    count,
    ite,
)

BROKEN = {"n": 7}
SAYS = r"stores something in the instance"


class SlackOfInit(Protocol):
    problem = Problem("validity", (VALIDITY,), has_commander=False)

    def tolerates(self, t: int) -> bool:
        return t == 0

    slack = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.n > 6:
            object.__setattr__(self, "slack", 1)

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return ite(count(votes, ATTACK) >= self.n + self.slack, ATTACK, RETREAT)
