"""The three-round phase king in which m proposals are enough to take an order up, where it takes more than m.

An easy slip, by one: Berman, Garay & Perry, FOCS 1989, want more than m proposals, so that one of them is loyal.
"""

from byzverify.language import ABSENT, RETREAT, General, Order, Program, broadcast, count, ite
from byzverify.models.phase_king import PhaseKing


class AdoptedTooEarly(PhaseKing):
    """The three-round phase king in which traitors alone can propose; 3(m+1) rounds."""

    claim = "none holds; believed to give Agreement and Validity for n > 3m and at most m traitors"

    def phase(self, me: General, king: General, order: Order) -> Program:
        enough = self.n - self.m
        inbox = yield broadcast(order)
        votes = [inbox[sender] for sender in self.generals]
        proposal = ABSENT
        for candidate in self.orders:
            proposal = ite(count(votes, candidate) >= enough, candidate, proposal)

        inbox = yield broadcast(proposal)
        proposals = [inbox[sender] for sender in self.generals]
        for candidate in self.orders:
            order = ite(count(proposals, candidate) >= self.m, candidate, order)

        inbox = yield broadcast(order) if me == king else None
        sure = count(proposals, order) >= enough
        return ite(sure, order, inbox.get(king, default=RETREAT))
