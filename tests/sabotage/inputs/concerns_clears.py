"""Leaks: `concerns` clears the board on which generals write, as if it were asked before each run. Check: -n 3 -t 0. Right: REFUTED, or
refused: alone each general finds the board empty and obeys himself.
"""

from byzverify.language import RETREAT, Condition, Problem, Protocol, broadcast, same

BOARD = {}


def fresh(protocol, loyal):
    BOARD.clear()
    return True


SAME = Condition("Same", "all decide the same", lambda o, w: same(*(o.decisions[one] for one in w)), 2, fresh, 2)


class Cleared(Protocol):
    problem = Problem("board", (SAME,), has_commander=False)

    def interchangeable(self):
        return []

    def general(self, me, order):
        inbox = yield broadcast(order)
        return inbox.get(BOARD.setdefault("chair", me), default=RETREAT)
