"""Correct: inheritance and a mixin without state. Check: -n 3 -t 0. Right: PROVED. Class: Voting."""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Votes:
    def votes(self, inbox):
        return [inbox.get(j, default=RETREAT) for j in self.generals]


class Base(Protocol):
    problem = CONSENSUS
    rounds: int = 1

    def general(self, me, order):
        for _ in range(self.rounds):
            inbox = yield broadcast(order)
            order = self.decided(inbox)
        return order

    def decided(self, inbox):
        raise NotImplementedError


class Voting(Votes, Base):
    rounds: int = 2

    def decided(self, inbox):
        return majority(self.votes(inbox))
