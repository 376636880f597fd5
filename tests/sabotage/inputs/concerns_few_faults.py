"""needs_loyal: 2, and the condition concerns runs with one traitor at most. Check: -n 4 -t 2. Right: REFUTED, or the promise
refused: one traitor can tell general 0 and general 1 different things; the checker tries two traitors only.
"""

from byzverify.language import ABSENT, RETREAT, Condition, Problem, Protocol, broadcast, majority, same

SAME = Condition(
    "Same",
    "all decide the same, if no more than one fails",
    lambda outcome, w: same(*(outcome.decisions[one] for one in w)),
    witnesses=2,
    concerns=lambda protocol, loyal: len(loyal) >= protocol.n - 1,
    needs_loyal=2,
)

DECIDES = Condition("Decides", "each decides something", lambda o, w: ~(o.decisions[w[0]] == ABSENT), witnesses=1)


class OneFault(Protocol):
    problem = Problem("one fault", (DECIDES, SAME), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
