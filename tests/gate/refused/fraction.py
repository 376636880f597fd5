"""A loop counts generals, and compares with 22.5."""

from byzverify.language import CONSENSUS, Protocol, broadcast, majority


class Half(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        many = sum(1 for _ in self.generals) > 22.5
        return order if many else majority([inbox[j] for j in self.generals])
