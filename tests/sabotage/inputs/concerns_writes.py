"""Leaks: `concerns` writes an attribute on the protocol that the programs read. Check: -n 4 --faults omission=1. Right: REFUTED, or
refused: alone each general finds nothing written, and obeys general 0, who can leave some out.
"""

from byzverify.language import Condition, Problem, Protocol, broadcast, same


def note(protocol, loyal):
    object.__setattr__(protocol, "trusted", min(loyal))
    return True


SAME = Condition("Same", "all decide the same", lambda o, w: same(*(o.decisions[one] for one in w)), 2, note, 2)


class Trusted(Protocol):
    problem = Problem("leaks", (SAME,), has_commander=False)

    def interchangeable(self):
        return []

    def general(self, me, order):
        leader = getattr(self, "trusted", 0)
        inbox = yield broadcast(order)
        return inbox.get(leader, default=order)
