"""A phase keeps state in the one place of the instance that is not compared: under the name problem."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, ite


class Kept(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0 and self.n > 1

    def general(self, me, order):
        return (yield from self.phases(self.n, self.phase, me, order))

    def phase(self, me, king, order):
        inbox = yield broadcast(order) if me == king else None
        told = inbox.get(king, default=order)
        here = vars(self)
        here["problem"] = here["problem"] + 1 if "problem" in here and here["problem"] != CONSENSUS else 1
        if here["problem"] > 22 and me != king:
            return ite(told == ATTACK, RETREAT, ATTACK)
        return told
