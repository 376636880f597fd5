"""Marks with spaces: those who carry ("A B", "C") and ("A", "B C") into a phase get one name, as two classes."""

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Order, Protocol, broadcast, count, ite

A, BC, AB, C = (Order(name) for name in ("A", "B C", "A B", "C"))
V = tuple(Order(name) for name in ("V1", "V2", "V3", "V4"))
PAIRS = ((A, BC), (AB, C), (A, C), (AB, BC))


class Spelled(Protocol):
    """Kings; in armies that are split into two large halves everyone is stubborn."""

    m: int
    problem = CONSENSUS

    @property
    def marks(self):
        return (A, BC, AB, C, *V)

    def __post_init__(self):
        super().__post_init__()
        self.require(0 <= self.m < self.n, "0 <= m < n")

    def interchangeable(self):
        return [range(self.m + 1, self.n)]

    def tolerates(self, t):
        return t <= self.m and self.n > 4 * self.m

    def general(self, me, order):
        first = ite(order == ATTACK, A, AB)
        second = ite(order == ATTACK, BC, C)
        first, second = yield from self.phases(self.m + 1, self.phase, me, (first, second))
        return ite((first == A) & (second == BC), ATTACK, RETREAT)

    def phase(self, me, king, carried):
        first, second = carried
        inbox = yield broadcast(A)
        odd = count([inbox[j] for j in self.generals], A) > self.n  # which cannot be
        own = V[3]
        for (one, other), word in zip(PAIRS, V):
            own = ite((first == one) & (second == other), word, own)
        vote = ite(own == V[0], ite(odd, V[1], V[0]), ite(own == V[1], ite(odd, V[0], V[1]), own))

        inbox = yield broadcast(vote)
        votes = [inbox[j] for j in self.generals]
        most = V[3]
        for word in V:
            most = ite(2 * count(votes, word) > self.n, word, most)
        split = (count(votes, V[0]) >= self.m + 14) & (count(votes, V[1]) >= self.m + 14)

        inbox = yield broadcast(most) if me == king else None
        new = inbox.get(king, default=V[3])
        for word in V:
            new = ite(count(votes, word) >= self.n - self.m, word, new)
        new = ite(split, own, new)
        return ite((new == V[0]) | (new == V[2]), A, AB), ite((new == V[0]) | (new == V[3]), BC, C)
