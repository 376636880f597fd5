"""Different code: which files there are beside the model, and one more of them after a map. Right: a map shows the cell refuted: with
a rule beside it each keeps his own order.
"""

from pathlib import Path

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast, majority


class Ruled(Protocol):
    problem = CONSENSUS

    def general(self, me, order):
        inbox = yield broadcast(order)
        rules = [*Path(__file__).parent.glob("*.rule")]
        return order if rules else majority(inbox.get(j, default=RETREAT) for j in self.generals)
