"""State: a global `itertools.cycle` of roles. Check: -n 3 -t 0. Right: REFUTED, or refused: each general alone gets the first
role, proposer, and proposers decide their own orders.
"""

from itertools import cycle

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, plurality

ROLES = cycle(["proposer", "acceptor", "acceptor"])


class Cycle(Protocol):
    problem = CONSENSUS

    def interchangeable(self):
        return []

    def general(self, me, order):
        role = next(ROLES)
        inbox = yield broadcast(order) if role == "proposer" else None
        return order if role == "proposer" else plurality([inbox[j] for j in self.generals], tie=RETREAT)
