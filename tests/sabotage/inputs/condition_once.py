"""Used up: a condition that is strict once, kept in a default argument. Check: -n 3 -t 0. Right: REFUTED, or refused: asked
afresh it demands ATTACK, and with R, R, R all retreat.
"""

from byzverify.language import ATTACK, RETREAT, Condition, Problem, Protocol, any_of, broadcast, majority


def strict_once(outcome, witnesses, asked=[]):
    asked.append(witnesses)
    allowed = [ATTACK] if len(asked) == 1 else [ATTACK, RETREAT]
    return any_of(outcome.decisions[witnesses[0]] == order for order in allowed)


STRICT = Condition("Strict", "all decide what is allowed", strict_once, witnesses=1, needs_loyal=1)


class Voters(Protocol):
    problem = Problem("strictness", (STRICT,), has_commander=False)

    def general(self, me, order):
        inbox = yield broadcast(order)
        return majority(inbox.get(j, default=RETREAT) for j in self.generals)
