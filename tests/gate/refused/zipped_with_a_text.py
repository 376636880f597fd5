from byzverify.language import CONSENSUS, Protocol, broadcast, majority

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class X(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        many = sum(1 for _ in zip(votes, LETTERS)) == sum(1 for _ in LETTERS)
        return order if many else majority(votes)
