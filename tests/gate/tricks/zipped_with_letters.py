"""A text has fewer letters than there are generals from n = 27 on."""

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

BROKEN = {"n": 27}
READ = "general looks at a list of generals as a whole"
SAYS = r"what a general does, says, counts or decides depends"


class ZippedWithLetters(Protocol):
    problem = Problem("validity", (VALIDITY,), has_commander=False)

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = [inbox[j] for j, _ in zip(self.generals, "abcdefghijklmnopqrstuvwxyz", strict=False)]
        return ite(count(votes, ATTACK) >= self.n, ATTACK, RETREAT)
