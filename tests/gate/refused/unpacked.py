"""Twenty-five names on the left of an assignment: that is a number that is not among the constants of the code."""

from byzverify.language import CONSENSUS, Protocol, broadcast, majority


class Unpacked(Protocol):
    problem = CONSENSUS

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        try:
            a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, u, v, w, x, y, z, *rest = votes
        except ValueError:
            return majority(votes)
        return order
