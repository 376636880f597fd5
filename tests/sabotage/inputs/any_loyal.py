"""Set order: a condition that compares with the order of some loyal general, whichever the set gives. Check: -n 6 -t 1 --values 3.
Right: REFUTED, or refused: which general it is depends on who is loyal, so one choice of traitors does not stand for others.
"""

from byzverify.language import ABSENT, ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite


def grounded(outcome, witnesses):
    (one,) = witnesses
    somebody = next(iter(set(outcome.loyal)))
    return (outcome.decisions[one] == RETREAT) | (outcome.decisions[one] == outcome.orders[somebody])


class Cautious(Protocol):
    problem = Problem(
        "caution", (Condition("Grounded", "nobody goes on his own account", grounded, 1),), has_commander=False
    )

    def general(self, me, order):
        inbox = yield broadcast(order)
        votes = [inbox[one] for one in self.generals]
        silent, attacking, third = (count(votes, word) for word in (ABSENT, ATTACK, self.orders[2]))
        return ite((silent == 1) & (attacking == 2) & (third == 2), order, RETREAT)
