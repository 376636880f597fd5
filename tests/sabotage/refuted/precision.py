"""The decimal context of the process: a general who finds it changed is no longer careful. Check: -n 3 -t 0.

Right: PROVED, or refused: each general alone finds it as Python made it, and retreats.
"""

import decimal

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast, count, ite

USUAL = 28


def careful(outcome, witnesses):
    return outcome.decisions[witnesses[0]] == RETREAT


class Precise(Protocol):
    problem = Problem("care", (Condition("Care", "nobody attacks", careful, witnesses=1),), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        context = decimal.getcontext()
        found, context.prec = context.prec, 2 * USUAL
        torn = count([inbox[j] for j in self.generals], ATTACK) >= 1
        return ite(torn, RETREAT if found == USUAL else ATTACK, RETREAT)
