"""Leaks: `concerns` notes who is loyal, and the programs use it. Check: -n 4 --faults crash=1. Right: REFUTED, or refused: generals do
not know who is loyal; alone each obeys general 0, who can crash halfway.
"""

from byzverify.language import Condition, Problem, Protocol, broadcast, same

LOYAL = []


def note(protocol, loyal):
    LOYAL[:] = loyal
    return True


SAME = Condition("Same", "all decide the same", lambda o, w: same(*(o.decisions[one] for one in w)), 2, note, 2)


class Informed(Protocol):
    problem = Problem("leaks", (SAME,), has_commander=False)

    def interchangeable(self):
        return []

    def general(self, me, order):
        leader = LOYAL[0] if LOYAL else 0
        inbox = yield broadcast(order)
        return inbox.get(leader, default=order)
