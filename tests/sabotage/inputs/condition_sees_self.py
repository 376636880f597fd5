"""Problem as a property: a condition that asks the protocol for its chair, who is then kept on all copies. Check: -n 3 -t 0.
Right: REFUTED, or refused: before anybody has asked, each general takes himself for the chair. Orders A, A, R.
"""

from functools import cached_property

from byzverify.language import CONSENSUS, RETREAT, Condition, Problem, Protocol, broadcast, same


class Chaired(Protocol):
    @cached_property
    def chair(self):
        return self.generals[0]

    @property
    def problem(self):
        def agree(outcome, witnesses):
            one, other = (outcome.decisions[w] for w in witnesses)
            return same(one, other)

        def some_chair(protocol, loyal):
            return protocol.chair is not None

        agreement = Condition("Agree", "all decide alike", agree, witnesses=2, concerns=some_chair, needs_loyal=2)
        return Problem(CONSENSUS.name, (agreement,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(self.chair, default=RETREAT)
