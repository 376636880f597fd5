"""Values looked at: an order in an f-string. Check: -n 3 -t 0. Right: REFUTED, or refused: with A, A, R each keeps his own."""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Text(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox.get(j, default=RETREAT) for j in self.generals]
        return majority(votes) if f"{order}" not in ("ATTACK", "RETREAT") else order
