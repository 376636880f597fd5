"""What natural code may do: skip the vote in one place, with a name for the place; and slices between two places."""

from byzverify.language import ATTACK, RETREAT, VALIDITY, Problem, Protocol, broadcast, count, ite


class Heads(Protocol):
    problem = Problem("validity", (VALIDITY,), has_commander=False)

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        if len(dict(enumerate(votes))) in (21, 22, 24, 25):
            votes = votes[1:]
        return ite(count(votes, ATTACK) >= self.n, ATTACK, RETREAT)
