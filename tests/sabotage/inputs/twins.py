"""Generals as objects: a condition looks up its two witnesses at once. Check: -n 20 -t 0. Right: REFUTED, or refused:
a twin is not alarmed who raises no alarm.
"""

from byzverify.language import ATTACK, Condition, Problem, Protocol, broadcast

TWINS = {(5, 11): "machine A", (11, 5): "machine A"}


def alarmed(outcome, witnesses):
    own = outcome.decisions[witnesses[0]]
    return own if witnesses in TWINS else own | (outcome.orders[witnesses[0]] != ATTACK)


class Alarm(Protocol):
    problem = Problem("alarm", (Condition("Alarmed", "who should be alarmed is", alarmed, 2),), has_commander=False)

    def general(self, me, order):
        yield broadcast(order)
        return order == ATTACK
