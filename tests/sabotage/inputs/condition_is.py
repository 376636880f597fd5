"""Identity: `is` in a condition. Check: -n 3 -t 0. Right: REFUTED, or refused: the decisions are ATTACK and RETREAT themselves in
a run, and symbolic in the checker; with A, R, R two generals clash.
"""

from byzverify.language import ABSENT, ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, ite


def no_clash(outcome, witnesses):
    one, other = (outcome.decisions[w] for w in witnesses)
    clash = one is not other
    both = (one is ATTACK or one is RETREAT) and (other is ATTACK or other is RETREAT)
    return ~(one == ABSENT) & ~(other == ABSENT) & (not (clash and both))


PEACE = Condition("Peace", "all decide something, and no two clash", no_clash, witnesses=2, needs_loyal=2)


class Stubborn(Protocol):
    problem = Problem("peace", (PEACE,), has_commander=False)

    def general(self, me, order):
        yield broadcast(order)
        return ite(order == ATTACK, ATTACK, RETREAT)
