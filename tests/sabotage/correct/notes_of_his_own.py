"""Correct: a general who keeps notes on his own copy of the protocol. Check: -n 3 -t 0. Right: PROVED."""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Notes(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        object.__setattr__(self, "heard", [])
        for _ in range(2):
            inbox = yield broadcast(order)
            self.heard.append([inbox.get(j, default=RETREAT) for j in self.generals])
            order = majority(self.heard[-1])
        return order
