"""A phase counts phases in a slot of the general's copy of the protocol, which is not in vars(self)."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, ite


class Slotted(Protocol):
    __slots__ = ("done",)
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0 and self.n > 1

    def general(self, me, order):
        return (yield from self.phases(self.n, self.phase, me, order))

    def phase(self, me, king, order):
        done = getattr(self, "done", 0) + 1
        object.__setattr__(self, "done", done)
        inbox = yield broadcast(order) if me == king else None
        told = inbox.get(king, default=order)
        if done > 22 and me != king:
            return ite(told == ATTACK, RETREAT, ATTACK)
        return told
