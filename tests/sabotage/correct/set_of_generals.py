"""Correct: a set of generals gone through where the order makes no difference. Check: -n 4 -t 1. Right: PROVED."""

from byzverify.language import COMMANDER, RETREAT, Protocol, broadcast, majority


class OfASet(Protocol):
    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        if me == COMMANDER:
            return order
        voters = set(self.generals) - {COMMANDER}
        told = inbox.get(COMMANDER, default=RETREAT)
        inbox = yield broadcast(told)
        return majority(inbox.get(j, default=RETREAT) for j in voters)
