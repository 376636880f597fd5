"""Whether the number of generals is even: counted in a loop, since self.n % 2 is refused."""

from byzverify.language import CONSENSUS, Protocol, broadcast, majority


class Parity(Protocol):
    """Everyone believes the majority; if the number of generals is even, a tie is possible, and everyone keeps his own."""

    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0 and self.n >= 23

    def general(self, me, order):
        inbox = yield broadcast(order, label="words")
        votes = [inbox.get(j, "words") for j in self.generals]
        even = True
        for _ in votes:
            even = not even
        return majority(votes) if not even else order
