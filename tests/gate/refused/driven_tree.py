"""A program drives the relaying of its tree by hand, and relays nothing in the fourth round and later."""

from byzverify.language import COMMANDER, Protocol, Tree, broadcast, majority


class DrivenTree(Protocol):
    m: int

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m <= self.n - 2, "0 <= m <= n - 2")

    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        if me == COMMANDER:
            yield broadcast(order, label=(COMMANDER,), without=[me])
            return order
        heard = Tree(self, me, roots=[COMMANDER])
        heard.grow((yield None))
        rounds, relaying = 1, heard.relaying(self.m)
        for outbox in relaying:
            rounds += 1
            inbox = yield outbox if rounds < 4 else None
            while True:
                try:
                    outbox = relaying.send(inbox)
                except StopIteration:
                    break
                rounds += 1
                inbox = yield outbox if rounds < 4 else None
        return heard.resolved(self.vote, (COMMANDER,))

    def vote(self, told, values):
        return majority([told, *values])
