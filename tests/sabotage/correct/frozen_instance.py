"""Correct: a value computed once in __post_init__ and kept with object.__setattr__. Check: -n 4 -t 0. Right: PROVED."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite


class Kept(Protocol):
    problem = CONSENSUS

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "quorum", self.n // 2 + 1)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return ite(count([inbox[j] for j in self.generals], ATTACK) >= self.quorum, ATTACK, RETREAT)
