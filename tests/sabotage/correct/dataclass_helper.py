"""Correct: a dataclass that collects votes. Check: -n 3 -t 0. Right: PROVED."""

from dataclasses import dataclass, field

from byzverify.language import ATTACK, CONSENSUS, RETREAT, Protocol, broadcast, count, ite


@dataclass
class Ballot:
    votes: list = field(default_factory=list)

    def add(self, vote):
        self.votes.append(vote)

    def decision(self):
        return ite(2 * count(self.votes, ATTACK) > len(self.votes), ATTACK, RETREAT)


class Balloting(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        ballot = Ballot()
        for j in self.generals:
            ballot.add(inbox.get(j, default=RETREAT))
        return ballot.decision()
