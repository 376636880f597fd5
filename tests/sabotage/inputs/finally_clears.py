"""State: a class-level list that the last general clears in a `finally`. Check: -n 3 -t 0. Right: REFUTED, or refused: each
general alone is the only one present, and obeys himself.
"""

from byzverify.language import CONSENSUS, RETREAT, Protocol, broadcast


class Attendance(Protocol):
    problem = CONSENSUS
    present = []

    def interchangeable(self):
        return []

    def general(self, me, order):
        self.present.append(me)
        try:
            inbox = yield broadcast(order)
            return inbox.get(min(self.present), default=RETREAT)
        finally:
            if me == self.n - 1:
                self.present.clear()
