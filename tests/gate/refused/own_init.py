"""What an __init__ of the author's own stores is in instances of known size alone."""

from byzverify.language import ATTACK, RETREAT, VALIDITY, Problem, Protocol, broadcast, count, ite


class Slack(Protocol):
    problem = Problem("validity", (VALIDITY,), has_commander=False)
    slack = 0

    def __init__(self, *, n, values=2, graph=""):
        super().__init__(n=n, values=values, graph=graph)
        object.__setattr__(self, "slack", n // 25)

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return ite(count(votes, ATTACK) >= self.n + self.slack, ATTACK, RETREAT)
