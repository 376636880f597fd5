"""needs_loyal: 2, and the condition concerns runs with three loyal generals or more. Check: -n 4 -t 2. Right: REFUTED, or the
promise refused: a traitor makes general 0 see a majority that general 1 does not see.
"""

from byzverify.language import ATTACK, Condition, Problem, Protocol, broadcast, count


def near(outcome, witnesses):
    one, other = (outcome.decisions[w] for w in witnesses)
    return (one - other <= 0) & (other - one <= 0)


NEAR = Condition(
    "Near", "three or more count alike", near, witnesses=2, concerns=lambda p, loyal: len(loyal) > 2, needs_loyal=2
)

POSSIBLE = Condition(
    "Possible",
    "who wants to attack counts somebody",
    lambda o, w: (o.orders[w[0]] != ATTACK) | (o.decisions[w[0]] >= 1),
    witnesses=1,
)


class Near(Protocol):
    problem = Problem("near", (POSSIBLE, NEAR), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return count([inbox[j] for j in self.generals], ATTACK)
