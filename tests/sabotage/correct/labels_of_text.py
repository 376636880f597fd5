"""Correct: labels that are constants and f-strings of round numbers. Check: -n 3 -t 0. Right: PROVED."""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority

VOTE = "vote"


class Labels(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        for number in range(2):
            inbox = yield broadcast(order, label=f"{VOTE}-{number}")
            order = majority(inbox.get(j, f"{VOTE}-{number}", default=RETREAT) for j in self.generals)
        return order
