"""A program that sets out to be OM(m) and is not: orders are passed on along every walk, and the last ones
tallied flat.

Source: the program whose description and tables this project started from (docs/explanation/readme-program.md).
A general passes an order on to everyone but himself and the general that he got it from, so an order may come
back to those who had it before; after m such steps everybody tells everybody, himself included, and each
general obeys the order that he was told most often in that last step. There is no majority of majorities: many
copies of one lie outvote the truth.
"""

from byzverify.language import COMMANDER, RETREAT, General, Order, Program, Protocol, broadcast, majority

Walk = tuple[General, ...]


class ReadmeProgram(Protocol):
    """OM(m) with a flat tally in place of the recursive majority; (m+1) rounds."""

    m: int
    claim = "none holds; believed to solve the problem for n > 3m and at most m traitors"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(self.m >= 0, f"there cannot be m={self.m} levels of relaying: m must be 0 or more")
        self.require(self.m == 0 or self.n >= 3, "relaying needs at least 3 generals")

    def general(self, me: General, order: Order) -> Program:
        walks: list[Walk] = [(COMMANDER,)]
        held: dict[Walk, Order] = {(COMMANDER,): order} if me == COMMANDER else {}
        for _ in range(self.m):
            inbox = yield [broadcast(held[walk], label=walk, without=walk[-2:]) for walk in held]
            told = [walk for walk in walks if me not in walk[-2:]]
            held = {(*walk, me): inbox.get(walk[-1], walk, default=RETREAT) for walk in told}
            walks = [(*walk, teller) for walk in walks for teller in self.others(*walk[-2:])]

        inbox = yield [broadcast(held[walk], label=walk) for walk in held]
        return majority([inbox.get(walk[-1], walk, default=RETREAT) for walk in walks])
