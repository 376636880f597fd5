"""Set order: a condition asks for RETREAT or for ATTACK, as a set of two words has it. Check: -n 3 -t 0. Right: REFUTED, or refused: where
the other word comes first, all decide wrong.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, broadcast


def obeyed(outcome, witnesses):
    wanted = {"retreat": RETREAT, "attack": ATTACK}[next(iter({"retreat", "attack"}))]
    return outcome.decisions[witnesses[0]] == wanted


class Obedient(Protocol):
    problem = Problem("words", (Condition("Obeyed", "they do what is wanted", obeyed, 1),), has_commander=False)

    def general(self, me, order):
        yield broadcast(order)
        return RETREAT
