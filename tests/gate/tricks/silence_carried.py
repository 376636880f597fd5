"""Silence of a traitorous commander is carried into phases: the engine looks at what a loyal commander says only."""

from byzverify.language import (
    ABSENT,
    COMMANDER,
    RETREAT,
    General,
    Order,
    Program,
    Protocol,
    broadcast,
    count,
    ite,
)

BROKEN = {"n": 4, "m": 1}


class SilenceCarried(Protocol):
    """The phase king, but who carries silence into a phase keeps it."""

    m: int

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require(0 <= self.m < self.n, "m is less than n")

    def tolerates(self, t: int) -> bool:
        return t <= self.m and self.n > 3 * self.m

    def general(self, me: General, order: Order) -> Program:
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = order if me == COMMANDER else inbox[COMMANDER]
        return (yield from self.phases(self.m + 1, self.phase, me, told))

    def phase(self, me: General, king: General, order: Order) -> Program:
        silent = order == ABSENT
        enough = self.n - self.m
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        proposal = ABSENT
        for candidate in self.orders:
            proposal = ite(count(votes, candidate) >= enough, candidate, proposal)

        inbox = yield broadcast(proposal)
        proposals = [inbox[sender] for sender in self.generals]
        for candidate in self.orders:
            order = ite(count(proposals, candidate) > self.m, candidate, order)

        inbox = yield broadcast(order) if me == king else None
        sure = count(proposals, order) >= enough
        return ite(silent, ABSENT, ite(sure, order, inbox.get(king, default=RETREAT)))
