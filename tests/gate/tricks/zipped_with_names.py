"""A list of names is shorter than the list of generals from n = 8 on."""

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

BROKEN = {"n": 10}
READ = "general looks at a list of generals as a whole"
SAYS = r"what a general does, says, counts or decides depends"
NAMES = ["Ann", "Bob", "Cat", "Dan", "Eve", "Fay", "Gus"]


class ZippedWithNames(Protocol):
    problem = Problem("validity", (VALIDITY,), has_commander=False)

    def tolerates(self, t: int) -> bool:
        return t == 0

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order)
        votes = {name: inbox[j] for j, name in zip(self.generals, NAMES, strict=False)}
        return ite(count([*votes.values()], ATTACK) >= self.n, ATTACK, RETREAT)
