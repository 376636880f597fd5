"""A general with more than 22 others listed before him and as many after him does something else."""

from byzverify.language import CONSENSUS, Protocol, broadcast, majority


class Middle(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def tolerates(self, t):
        return t == 0

    def general(self, me, order):
        inbox = yield broadcast(order)
        before, after = [], []
        here = before
        for j in self.generals:
            if j == me:
                here = after
            else:
                here.append(inbox[j])
        inner = sum(1 for _ in before) > 22 and sum(1 for _ in after) > 22
        return order if inner else majority([inbox[j] for j in self.generals])
