"""Correct: helpers that are chosen by type, and paths. Check: -n 4 -t 0. Right: PROVED."""

from functools import singledispatch
from pathlib import Path

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority

HERE = Path(__file__).parent / "settings"


@singledispatch
def size(thing):
    return thing


@size.register
def _(thing: tuple):
    return len(thing)


class Dispatching(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        assert size(self.n) == size(self.generals)
        assert HERE.name in str(HERE)
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
