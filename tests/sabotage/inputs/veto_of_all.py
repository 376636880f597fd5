"""needs_loyal: 2, and the condition is about all loyal generals. Check: -n 4 -t 2. Right: REFUTED, or the promise refused:
general 0 wants to retreat, the traitor 2 is silent to 1 and 3, who then trust their own order, A; the checker tries two
traitors only.
"""

from byzverify.language import ABSENT, ATTACK, RETREAT, Condition, Problem, Protocol, all_of, any_of, broadcast, ite


def unanimous(outcome, witnesses):
    wanted = all_of(outcome.orders[j] == ATTACK for j in outcome.loyal)
    return wanted | ~all_of(outcome.decisions[w] == ATTACK for w in witnesses)


ALL = Condition("Unanimous", "two attack only if all loyal generals want to", unanimous, witnesses=2, needs_loyal=2)


class Trusting(Protocol):
    problem = Problem("unanimity", (ALL,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        came = [inbox[j] for j in self.generals]
        lost = any_of(one == ABSENT for one in came)
        return ite(any_of(one == RETREAT for one in came) & ~lost, RETREAT, order)
