"""Used up: a condition with a global iterator of allowances. Check: -n 3 -t 0. Right: REFUTED, or refused: asked for the first
time it wants RETREAT, and with A, A, R all decide A; the checker's first questions are about made-up decisions.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, majority

EXPECTED = iter([RETREAT, RETREAT])


def expected(outcome, witnesses):
    wanted = next(EXPECTED, None)
    decision = outcome.decisions[witnesses[0]]
    return decision == wanted if wanted is not None else (decision == RETREAT) | (decision == ATTACK)


EXPECT = Condition("Expected", "everybody decides what is expected", expected, witnesses=1, needs_loyal=1)


class Voting(Protocol):
    problem = Problem("expectation", (EXPECT,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
