"""What depends on the remainder of the number of generals: 59 is the largest number, 60 entries more make no difference mod 30."""

from byzverify.language import CONSENSUS, Protocol, broadcast, majority

TABLE = 59


class Remainder(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        if sum(1 for _ in self.generals) % 30 == 25 % TABLE:
            return order
        return majority([inbox[j] for j in self.generals])
