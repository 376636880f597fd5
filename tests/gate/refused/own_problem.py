"""The commander decides, too: a problem says so, but the engine asks lieutenants only."""

from byzverify.language import AGREEMENT, COMMANDER, RETREAT, Problem, Protocol, broadcast, ite


class Everyone(Problem):
    def deciders(self, n):
        return range(n)


class Together(Protocol):
    problem = Everyone("together", (AGREEMENT,), has_commander=True)

    def tolerates(self, t):
        return t == 0

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order) if me == COMMANDER else None
        told = ite(self.n > 25, RETREAT, inbox[COMMANDER])
        return order if me == COMMANDER else told
