"""Correct: part of the program in a coroutine of its own, with `yield from`. Check: -n 4 -t 1. Right: PROVED."""

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast, majority


def exchange(protocol, order, voters):
    inbox = yield broadcast(order)
    return [inbox.get(j, default=RETREAT) for j in voters]


class Exchanging(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        votes = yield from exchange(self, inbox.get(COMMANDER, default=RETREAT), self.lieutenants)
        return majority(votes)
