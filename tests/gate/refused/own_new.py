"""What __new__ stores is in instances of known size alone."""

from byzverify.language import ATTACK, RETREAT, VALIDITY, Problem, Protocol, broadcast, count, ite


class Slack(Protocol):
    problem = Problem("validity", (VALIDITY,), has_commander=False)
    slack = 0

    def __new__(cls, *, n, values=2, graph=""):
        made = super().__new__(cls)
        object.__setattr__(made, "slack", n // 25)
        return made

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        return ite(count(votes, ATTACK) >= self.n + self.slack, ATTACK, RETREAT)
