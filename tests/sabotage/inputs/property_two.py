"""Problem as a property: two conditions, one that holds and one that does not. Check: -n 4 -t 1 --timeout 0. Right: REFUTED or
UNKNOWN: Validity holds, Agreement fails where orders are A, A, R and the traitor splits them.
"""

from byzverify.language import CONSENSUS, RETREAT, Condition, Problem, Protocol, broadcast, majority


class Rebuilt(Protocol):
    @property
    def problem(self):
        def again(known):
            return Condition(
                known.name,
                known.statement,
                lambda o, w: known.holds(o, w),
                known.witnesses,
                known.concerns,
                known.needs_loyal,
            )

        return Problem(CONSENSUS.name, tuple(map(again, CONSENSUS.conditions)), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
