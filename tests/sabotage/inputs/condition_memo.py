"""Used up: a condition that remembers whom it has asked, to ask nobody twice. Check: -n 3 -t 0. Right: REFUTED, or refused: the
checker asks about made-up decisions first; in a run with A, A, R each keeps his own order.
"""

from byzverify.language import TRUE, Condition, Problem, Protocol, broadcast, same

ASKED = set()


def agree(outcome, witnesses):
    if witnesses in ASKED:
        return TRUE
    ASKED.add(witnesses)
    return same(*(outcome.decisions[one] for one in witnesses))


AGREE = Condition("Agree", "all decide the same", agree, witnesses=2, needs_loyal=2)


class Stubborn(Protocol):
    problem = Problem("agreement", (AGREE,), has_commander=False)

    def interchangeable(self):
        return []

    def general(self, me, order):
        yield broadcast(order)
        return order
