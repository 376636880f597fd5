"""Turpin & Coan's reduction without its second round: who saw an order n-m times votes for it, and all agree on that.

An easy slip: compare Turpin & Coan, Information Processing Letters 18(2), 1984, where those who are not perplexed name
their order in a second round. Without it the vote can be won while some loyal general does not know what was voted on.
"""

from byzverify.language import RETREAT, General, Order, Program, broadcast, count, ite
from byzverify.models.turpin_coan import TurpinCoan


class OneRoundTurpinCoan(TurpinCoan):
    """Consensus on any number of orders in one round more than on two."""

    claim = "none holds; believed to give Agreement and Validity for n > 3m, at most m traitors, any number of orders"

    def general(self, me: General, order: Order) -> Program:
        enough = self.n - self.m

        # One round: who sees an order n-m times votes for it; the others have none to decide on.
        inbox = yield broadcast(order)
        votes = [inbox[j] for j in self.generals]
        content = RETREAT
        for candidate in self.orders:
            content = ite(count(votes, candidate) >= enough, candidate, content)

        agreed = yield from self.binary(me, count(votes, content) >= enough)
        return ite(agreed, content, RETREAT)
