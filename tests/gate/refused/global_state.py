"""A global says whether a general is running, and is reset at the end: in the engine phases run without him."""

from byzverify.language import CONSENSUS, Protocol, broadcast, ite

RUNNING = [0]


class Global(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0 and self.n > 1

    def general(self, me, order):
        RUNNING[0] = 1
        try:
            return (yield from self.phases(self.n, self.phase, me, order))
        finally:
            RUNNING[0] = 0

    def phase(self, me, king, order):
        inbox = yield broadcast(order) if me == king else None
        told = inbox.get(king, default=order)
        if RUNNING[0]:
            return ite(self.n > 25, order, told)
        return told
