from decimal import Decimal

from byzverify.language import CONSENSUS, Protocol, broadcast, majority

MOST = Decimal(25)


class X(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        many = sum(1 for _ in votes) > MOST
        return order if many else majority(votes)
