"""Correct: a class-level list and a dictionary that nobody changes. Check: -n 3 -t 0. Right: PROVED."""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Phases(Protocol):
    problem = CONSENSUS
    labels = ["first", "second"]
    rounds_of = {"first": 1, "second": 2}

    def general(self, me, order):
        for label in self.labels:
            for number in range(self.rounds_of[label]):
                inbox = yield broadcast(order, label=(label, number))
                order = majority(inbox.get(j, (label, number), default=RETREAT) for j in self.generals)
        return order
