"""State: a lock that all processes share. Check: -n 3 -t 0. Right: refused: whoever is run first raises the alarm."""

from multiprocessing import Lock

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast

ONE = Lock()


def calm(outcome, witnesses):
    return outcome.decisions[witnesses[0]] == RETREAT


CALM = Condition("Calm", "nobody attacks", calm, witnesses=1)


def first():
    return ONE.acquire(block=False)


class Marks(Protocol):
    problem = Problem("calm", (CALM,), has_commander=False)

    def general(self, me, order):
        yield broadcast(order)
        return ATTACK if first() else RETREAT
