"""A context manager swallows the error that rounding a size is, in __post_init__: there fewer sizes are meant then."""

from byzverify.language import CONSENSUS, Protocol, broadcast, ite, majority


class Quiet:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return True


class Halves(Protocol):
    problem = CONSENSUS

    def __post_init__(self):
        super().__post_init__()
        rounds = False
        with Quiet():
            rounds = self.n // 2 >= 0
        self.require(rounds or self.n < 25, "n must be something that can be halved")

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        return ite(self.n > 25, order, majority([inbox[j] for j in self.generals]))
